/** “Connection help”: runs the checks when it is opened, and says what they mean. */
import { byId, el } from "../shared/dom.js";
import { diagnose, report } from "./diagnosis.js";

/**
 * @param {() => Promise<import("./diagnosis.js").Facts>} check
 * @param {(words: string) => void} say
 */
export function startDoctor(check, say) {
  let text = "";
  let running = false;
  const run = async () => {
    if (running) return;
    running = true;
    byId("doctor-run").setAttribute("aria-disabled", "true");
    byId("doctor-findings").replaceChildren(el("li", { class: "finding", "data-state": "unknown" }, "Checking…"));
    const facts = await check();
    const findings = diagnose(facts);
    text = report(findings, facts, { when: new Date().toISOString(), browser: navigator.userAgent });
    byId("doctor-findings").replaceChildren(
      ...findings.map(({ name, state, words }) =>
        el(
          "li",
          { class: "finding", "data-state": state },
          el("strong", {}, `${name}: `),
          state === "bad" || state === "warn" ? el("span", { class: "visually-hidden" }, state === "bad" ? "broken. " : "attention. ") : null,
          words,
        ),
      ),
    );
    byId("doctor-run").removeAttribute("aria-disabled");
    running = false;
  };
  byId("doctor").addEventListener("toggle", () => {
    if (byId("doctor").open) void run();
  });
  byId("doctor-run").addEventListener("click", () => void run());
  byId("doctor-copy").addEventListener("click", async () => {
    if (!text) await run();
    try {
      await navigator.clipboard.writeText(text);
      say("The report is copied.");
    } catch (error) {
      console.info("the browser keeps pages off the clipboard", error);
      const field = byId("doctor-report");
      field.value = text;
      field.hidden = false;
      field.focus();
      field.select();
    }
  });
}
