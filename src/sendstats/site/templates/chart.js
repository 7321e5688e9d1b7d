// Draws the chart of this page at the size and in the colours that its reader has.
(function () {
  "use strict";
  const node = document.getElementById("chart");
  const chart = JSON.parse(document.getElementById("chart-data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let drawnWidth = 0;

  function sizeFor(width) {
    const fitting = Object.entries(chart.widths).filter(([, least]) => least <= width);
    fitting.sort((a, b) => b[1] - a[1]);
    return fitting.length ? fitting[0][0] : "phone";
  }

  function postHeight() {
    if (window.parent !== window) {
      const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
      window.parent.postMessage({ type: "sendstats:height", id: chart.id, height: height }, "*");
    }
  }

  function draw() {
    const width = node.clientWidth;
    const scheme = dark.matches ? "dark" : "light";
    const layout = structuredClone(chart.layouts[scheme][sizeFor(width)]);
    layout.width = width;
    drawnWidth = width;
    return window.Plotly.react(node, structuredClone(chart.data[scheme]), layout, chart.config)
      .then(function () {
        node.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
        node.dataset.drawn = scheme;
        postHeight();
      });
  }

  draw();
  dark.addEventListener("change", draw);
  new ResizeObserver(function () {
    if (node.clientWidth !== drawnWidth) { draw(); } else { postHeight(); }
  }).observe(document.body);
})();
