public import Workbench

/// What performs effects: it must return at once, and post answers to the mailbox.
public protocol EffectPerformer: AnyObject {
  func perform(_ effect: Effect, _ mailbox: Mailbox)
  /// The terminal has this size now, all of it; never told without a screen.
  func resized(_ size: ScreenSize)
  /// Edits text in the user's editor while the screen is away, in a file whose name ends so.
  func edit(_ text: String, suffix: String) -> Edited
  /// Shows text in the user's pager while the screen is away: nil, or in words why that failed.
  func view(_ text: String) -> String?
  /// Gives text to what multiplexes the terminal, which has a clipboard of its own; false where there is none.
  func copy(_ text: String) -> Bool
  /// Writes text to a private file, for what no clipboard takes; its path, or nil where it cannot be written.
  func keep(_ text: String) -> String?
}

/// What came back from the user's editor.
public enum Edited: Hashable, Sendable {
  case changed(String)
  case same
  /// In words why.
  case failed(String)
}
