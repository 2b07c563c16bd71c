extension Workspace {
  /// The lines of a report with the context's handling banner first and last, where it has one.
  public func framed(_ lines: [String]) -> [String] {
    guard let banner = context.banner else { return lines }
    return [banner, ""] + lines + ["", banner]
  }
}
