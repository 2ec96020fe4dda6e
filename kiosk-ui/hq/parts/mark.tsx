/** Three stones. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <ellipse cx="12" cy="19" rx="9" ry="3.4" />
      <ellipse cx="12.6" cy="12.2" rx="6.4" ry="2.9" />
      <ellipse cx="11.6" cy="6.2" rx="4" ry="2.4" />
    </svg>
  );
}

const PATHS = {
  overview: "M2 9h5V2H2zM9 14h5V7H9zM2 14h5v-3H2zM9 5h5V2H9z",
  stores: "M2 6l1.2-4h9.6L14 6M2 6v8h12V6M2 6h12M6 14v-4h4v4",
  orders: "M3 2h10v12H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3",
  exceptions: "M8 2l6.5 12h-13zM8 6.5v3.5M8 12v.2",
  stock: "M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6",
  imports: "M8 2v8M4.5 6.5L8 10l3.5-3.5M2 11v3h12v-3",
};
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
