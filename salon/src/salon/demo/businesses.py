"""The demo's three businesses: names, services, staff and customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import NamedTuple


class Offer(NamedTuple):
    """A service: its name, its minutes, its price in minor units."""

    name: str
    minutes: int
    price: int


class Worker(NamedTuple):
    """A member of staff and what they do."""

    name: str
    title: str


class Client(NamedTuple):
    """A customer."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class Business:
    """An organization to be, and all that happens in it."""

    slug: str
    name: str
    timezone: str
    currency: str
    domain: str
    offers: tuple[Offer, ...]
    workers: tuple[Worker, ...]
    first_names: str
    last_names: str
    dialing: str
    plan: str

    def clients(self) -> Iterator[Client]:
        """Every first name with every last name, in an order that is always the same."""
        random = Random(self.slug)
        names = list(product(self.first_names.split(), self.last_names.split()))
        random.shuffle(names)
        for number, (first, last) in enumerate(names):
            phone = f"{self.dialing} {random.randint(100, 999)} {random.randint(1000, 9999)}"
            yield Client(f"{first} {last}", f"customer{number + 1}@{self.domain}", phone)


BUSINESSES = (
    Business(
        slug="salon-kastanie",
        name="Salon Kastanie",
        timezone="Europe/Vienna",
        currency="EUR",
        domain="kastanie.example",
        offers=(
            Offer("Haircut and wash", 45, 5200),
            Offer("Dry cut", 30, 3400),
            Offer("Color", 90, 9800),
            Offer("Highlights", 120, 13500),
            Offer("Blow-dry", 30, 2900),
            Offer("Beard trim", 20, 1900),
        ),
        workers=(
            Worker("Jonas Reiter", "Stylist"),
            Worker("Mira Novak", "Colorist"),
            Worker("Lena Auer", "Stylist"),
            Worker("Emil Gruber", "Barber"),
        ),
        first_names="Amelie Sebastian Elif Katharina Lukas Hanna Stefan Theresa Florian Magda Jakob Selin",
        last_names="Brandner Lechner Steiner Wagner Kovač Pichler Haas Moser Berger Eder Fuchs Wimmer",
        dialing="+43 660",
        plan="pro",
    ),
    Business(
        slug="harbor-barbers",
        name="Harbor Barbers",
        timezone="America/New_York",
        currency="USD",
        domain="harbor.example",
        offers=(
            Offer("Classic cut", 30, 3800),
            Offer("Cut and beard", 50, 5500),
            Offer("Hot towel shave", 40, 4200),
            Offer("Kids' cut", 25, 2600),
            Offer("Gray blending", 60, 6400),
        ),
        workers=(
            Worker("Marcus Bell", "Master barber"),
            Worker("Dee Alvarez", "Barber"),
            Worker("Sam O'Connor", "Barber"),
            Worker("Priya Nair", "Barber"),
        ),
        first_names="Noah Olivia Mateo Grace Ethan Camila Owen Naomi Caleb Ruth Diego June",
        last_names="Miller Garcia Johnson Nguyen Sullivan Brooks Rivera Carter Cohen Walsh Reed Hayes",
        dialing="+1 617",
        plan="business",
    ),
    Business(
        slug="hinata-studio",
        name="Hinata Studio",
        timezone="Asia/Tokyo",
        currency="JPY",
        domain="hinata.example",
        offers=(
            Offer("Cut", 60, 5500),
            Offer("Cut and color", 120, 12800),
            Offer("Perm", 150, 14300),
            Offer("Head spa", 45, 4400),
            Offer("Treatment", 30, 3300),
        ),
        workers=(
            Worker("Haruka Mori", "Director"),
            Worker("Ren Takahashi", "Stylist"),
            Worker("Aoi Shimizu", "Stylist"),
            Worker("Sota Ishii", "Stylist"),
        ),
        first_names="Yui Haruto Sakura Daiki Mei Kaito Rin Yuma Nanami Takumi Hina Sho",
        last_names="Sato Suzuki Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki",
        dialing="+81 90",
        plan="free",
    ),
)
