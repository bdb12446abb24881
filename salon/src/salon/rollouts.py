"""What the Salon tries: flags that choose how something is done, and experiments that compare."""

from portico import Experiment, Switch

FLAGS = {
    "least-busy-staff": Switch("Books who has least to do that day, where the customer has no wish."),
}
EXPERIMENTS = {
    "booking-form": Experiment(
        "Whether a button that names what it books is used more often.",
        events=("appointment_booked",),
    ),
}
