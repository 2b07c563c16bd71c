public import Domain

/// What a control plane tells of one of its lists while it is followed.
public enum ControlNews: Hashable, Sendable {
  /// From now on changes are told as they happen.
  case began
  /// The object of this name is new, is not what it was, or is gone.
  case changed(RawText)
}
