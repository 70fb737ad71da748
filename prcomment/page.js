"use strict";
const $ = id => document.getElementById(id), rows = [...$("rows").rows], fields = ["q", "status", "type", "region", "tag"];
function apply() {
  const words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean), status = $("status").value, type = $("type").value, region = $("region").value, tag = $("tag").value;
  let shown = 0;
  for (const row of rows) {
    const d = row.dataset;
    const fits = (status === "" || (status === "findings" ? d.finding === "true" : d.status === status)) && (!type || d.type === type) &&
      (!region || d.region === region) && (!tag || d.tags.includes("\n" + tag + "\n")) && words.every(w => d.find.includes(w));
    row.hidden = !fits;
    if (fits) shown++;
  }
  $("count").textContent = shown.toLocaleString("en") + " of " + rows.length.toLocaleString("en");
  $("none").hidden = shown > 0;
}
function clear() { for (const f of fields) $(f).selectedIndex === undefined ? $(f).value = "" : $(f).selectedIndex = 0; apply(); }
for (const f of fields) $(f).addEventListener("input", apply);
$("clear").addEventListener("click", clear);
document.addEventListener("keydown", e => {
  if (e.key === "/" && !/INPUT|SELECT/.test(document.activeElement.tagName)) { e.preventDefault(); $("q").focus(); }
  if (e.key === "Escape") clear();
});
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
apply();
