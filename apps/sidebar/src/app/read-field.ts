/** What a field holds now. Fields are bound by hand: the two-way directives would weigh on the first view. */
export function readField(event: Event): string {
  return (event.target as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value
}
