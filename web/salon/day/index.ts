// A day's page keeps itself up to date: it hears what happens to appointments, and fetches its own lines anew.

const NEWS: Record<string, string> = {
  "appointment.created": "New appointment",
  "appointment.confirmed": "Confirmed",
  "appointment.rescheduled": "Moved",
  "appointment.cancelled": "Cancelled",
};
const LINES = "#day-lines";

interface Told {
  appointment: { scheduled_at: string };
}

class Agenda {
  private readonly source: EventSource;
  private news = "";
  private fetching = false;
  private stale = false;

  constructor(private readonly element: HTMLElement) {
    this.source = new EventSource(element.dataset.live ?? "");
    for (const name of Object.keys(NEWS)) {
      this.source.addEventListener(name, (event) => this.hear(name, JSON.parse(event.data as string) as Told));
    }
    // Between the page and its stream something may have happened, and while the line was lost.
    this.source.addEventListener("ready", (event) => {
      element.dataset.state = "live";
      if (!(JSON.parse(event.data as string) as { resumed: boolean }).resumed) void this.refresh();
    });
    this.source.addEventListener("resync", () => void this.refresh());
    this.source.addEventListener("end", () => this.source.close());
    this.source.addEventListener("error", () => {
      element.dataset.state = "waiting";
    });
  }

  get gone(): boolean {
    return !this.element.isConnected;
  }

  close(): void {
    this.source.close();
  }

  private hear(name: string, told: Told): void {
    const timeZone = this.element.dataset.zone ?? "UTC";
    const time = new Date(told.appointment.scheduled_at).toLocaleTimeString(document.documentElement.lang, {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
    });
    this.news = `${NEWS[name] ?? name}: ${time}`;
    void this.refresh();
  }

  /** Fetch the lines; once more where something happened meanwhile. */
  private async refresh(): Promise<void> {
    this.stale = true;
    if (this.fetching) return;
    this.fetching = true;
    try {
      while (this.stale && !this.gone) {
        this.stale = false;
        const answer = await fetch(this.element.dataset.page ?? location.href, { headers: { accept: "text/html" } });
        if (answer.ok) this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      this.stale = false; // the line is lost: the next event, or the stream that comes back, tries again
    } finally {
      this.fetching = false;
    }
  }

  private show(page: Document): void {
    const [shown, fresh] = [this.element.querySelector(LINES), page.querySelector(LINES)];
    if (shown && fresh && shown.innerHTML !== fresh.innerHTML) shown.replaceChildren(...fresh.childNodes);
    const said = this.element.querySelector("[role=status]");
    if (said && this.news) said.textContent = this.news;
    this.news = "";
  }
}

let agenda: Agenda | undefined;

function begin(): void {
  if (agenda && !agenda.gone) return;
  agenda?.close();
  const element = document.querySelector<HTMLElement>("[data-live]");
  agenda = element ? new Agenda(element) : undefined;
}

begin();
// A form that was sent in place brings a page of its own.
document.addEventListener("htmx:after:swap", begin);
