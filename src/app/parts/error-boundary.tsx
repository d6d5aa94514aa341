import { Component, type ReactNode } from 'react'

interface Props {
  /** What to show instead; `again` draws the part anew. */
  fallback: (error: Error, again: () => void) => ReactNode
  children: ReactNode
}

/** Keeps a failure in one part of the page from taking the rest with it. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === undefined
      ? this.props.children
      : this.props.fallback(error, () => this.setState({ error: undefined }))
  }
}
