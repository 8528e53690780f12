/** The few icons of the pages, as strokes on a 24 × 24 grid. */

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} path data; drawn with round strokes of 1.75 */
const PATHS = {
  camera: "M4 8.5h3l1.5-2.5h7L17 8.5h3a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9.500a1 1 0 0 1 1-1zM12 16.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  flip: "M4 11a8 8 0 0 1 13.700-4.600L20 8.500M20 4v4.500h-4.500M20 13a8 8 0 0 1-13.700 4.600L4 15.500M4 20v-4.500h4.500",
  mic: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
  micOff: "M9 9.500V6a3 3 0 0 1 6 0v5M14.500 13.700A3 3 0 0 1 9 12.500M6 11.500a6 6 0 0 0 10 4.400M18 11.500c0 .9-.2 1.700-.5 2.400M12 17.500V21M4 4l16 16",
  check: "M5 12.500l4.500 4.500L19 7.500",
  warning: "M12 4.500 21 19.500H3zM12 10v4.500M12 17v.2",
  copy: "M9 9V5.500A1.500 1.500 0 0 1 10.500 4h8A1.500 1.500 0 0 1 20 5.500v8a1.500 1.500 0 0 1-1.500 1.500H15M5.500 9h8a1.500 1.500 0 0 1 1.500 1.500v8a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 4 18.500v-8A1.500 1.500 0 0 1 5.500 9z",
  play: "M8 5.500v13l11-6.500z",
  close: "M6 6l12 12M18 6 6 18",
  download: "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14",
  folder: "M3.500 7a1.500 1.500 0 0 1 1.500-1.500h4l2 2.500h8a1.500 1.500 0 0 1 1.500 1.500v8a1.500 1.500 0 0 1-1.500 1.500H5A1.500 1.500 0 0 1 3.500 17.500z",
  label: "M4 16.500V20h3.500L19 8.500 15.500 5zM13.500 7l3.500 3.500",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.500 11v5M13.500 11v5",
  phone: "M8.500 3h7A1.500 1.500 0 0 1 17 4.500v15a1.500 1.500 0 0 1-1.500 1.500h-7A1.500 1.500 0 0 1 7 19.500v-15A1.500 1.500 0 0 1 8.500 3zM11 18.200h2",
  file: "M7 3.500h6.500L18 8v12.500H7zM13.500 3.500V8H18",
  sound: "M5 9.500v5h3l4 3.500V6L8 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  video: "M3.500 7.500h11v9h-11zM14.500 11l6-3.500v9l-6-3.500",
  shield: "M12 3.500 19 6v5.500c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V6z",
  laptop: "M5.500 5.500h13v10h-13zM3 18.500h18",
  store: "M5 6.500c0-1.700 3.100-3 7-3s7 1.300 7 3-3.100 3-7 3-7-1.300-7-3zM5 6.500v11c0 1.700 3.100 3 7 3s7-1.300 7-3v-11M5 12c0 1.700 3.100 3 7 3s7-1.300 7-3",
  monitor: "M3.500 5h17v11h-17zM12 16v3.500M8.500 19.500h7",
  stop: "M7 7h10v10H7z",
  pause: "M9 6v12M15 6v12",
  fullscreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  big: "M4.500 5.500h15v13h-15zM8 14.500l3-3M8 11.500v3h3M16 9.500l-3 3M16 12.500v-3h-3",
  fit: "M4.500 5.500h15v13h-15zM9 9.500h6v5H9z",
  info: "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 11v5.500M12 7.700v.2",
  sliders: "M4 8h9M17 8h3M15 6v4M4 16h3M11 16h9M9 14v4",
  help: "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM9.700 9.700a2.400 2.400 0 1 1 3.500 2.200c-.8.4-1.200.9-1.200 1.800M12 16.600v.2",
  picture: "M4 5.500h16v13H4zM4 16l4.500-4.500 3.500 3.500 3-2.500 5 4.500M15 9.300v.2",
};

/**
 * @param {keyof typeof PATHS & string} name
 * @returns {SVGSVGElement} decoration: the words next to it carry the meaning
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
