/** Days of a series put together, so that a year is not 365 bars. */
export function byWeek<Row extends { day: string }>(rows: readonly Row[], keys: ReadonlyArray<keyof Row & string>): Array<Record<string, string | number>> {
  const weeks: Array<Record<string, string | number>> = [];
  rows.forEach((row, place) => {
    if (place % 7 === 0) weeks.push({ at: row.day, ...Object.fromEntries(keys.map((key) => [key, 0])) });
    const week = weeks.at(-1) as Record<string, string | number>;
    for (const key of keys) week[key] = Number(week[key]) + Number(row[key]);
  });
  return weeks;
}
