internal import CNcurses

/// The terminal as it was before the workbench took it.
public enum TerminalGuard {
  /// Gives it back, where that was not done yet: for an end that no one comes back from.
  public static func giveBack() { mds_give_back() }
}
