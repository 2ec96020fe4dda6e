// Pictures beside words, never instead of them: 24 x 24, in the colour of the text.

const PATHS = {
  back: "M15 5l-7 7 7 7",
  box: "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8",
  camera: "M3 8h4l2-3h6l2 3h4v11H3zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  check: "M4 12.5l5.5 5.5L20 6.5",
  cloud: "M7 18h10.5a4 4 0 0 0 .6-7.96 6 6 0 0 0-11.6-1.2A4.6 4.6 0 0 0 7 18z",
  contrast: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M15.5 4.5v15M19 7v10",
  cross: "M6 6l12 12M18 6L6 18",
  device: "M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM10.5 18h3",
  missing: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L21 21M8 8l5 5M13 8l-5 5",
  more: "M4 7h16M4 12h16M4 17h16",
  mute: "M4 9v6h4l5 4V5L8 9zM17 9.5l5 5M22 9.5l-5 5",
  printer: "M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z",
  putback: "M12 3v10M8 9.5l4 4 4-4M4 13v7h16v-7",
  scale: "M4 20h16l-1.5-11h-13zM8 9V5h8v4M12 16l2-3",
  scanner: "M3 7V4h3M18 4h3v3M21 17v3h-3M6 20H3v-3M7 8v8M10.5 8v8M13.5 8v8M17 8v8",
  truck: "M2 6h12v10H2zM14 9h4l4 4v3h-8M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9",
  warn: "M12 3L2 20.5h20zM12 10v5M12 17.5v.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
