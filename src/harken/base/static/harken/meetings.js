// Says when a meeting begins by the reader's own clock, where that shows another time than the meeting's.
const begins = document.querySelector("time[data-begins]");
const yours = document.querySelector("[data-yours]");
if (begins && yours) {
  const moment = new Date(begins.dateTime);
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
  const here = words.format(moment);
  const hours = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false }).format(moment);
  if (!begins.textContent.includes(hours)) {
    yours.textContent = here;
    yours.parentElement.hidden = false;
  }
}
