import { Component, type ReactNode } from "react";
import { Failed } from "@/ui/Failed";

/** Catches what breaks inside a screen; the rest of the application stays. A new `place` is a new try. */
export class Trouble extends Component<{ place: string; children: ReactNode }, { error: unknown; place: string }> {
  override state = { error: null as unknown, place: this.props.place };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: { place: string }, state: { error: unknown; place: string }) {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failed error={this.state.error} again={() => window.location.reload()} />;
  }
}
