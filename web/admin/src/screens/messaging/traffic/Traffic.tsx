export default function Traffic() {
  return null;
}
