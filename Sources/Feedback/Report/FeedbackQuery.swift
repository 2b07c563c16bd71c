public import Domain

/// Which judgements a report is about.
public struct FeedbackQuery: Hashable, Sendable {
  /// Only this model's cases; nil for all models.
  public var model: RawText?
  public var version: RawText?
  /// Only what was said from this moment on, and before this one.
  public var since: Timestamp?
  public var until: Timestamp?
  /// Whether records are read, too, for slices by what they held: most of the work, where it is asked for.
  public var withInputs: Bool

  public init(
    model: RawText? = nil, version: RawText? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
    withInputs: Bool = false
  ) {
    self.withInputs = withInputs
    self.model = model
    self.version = version
    self.since = since
    self.until = until
  }

  /// Whether the case is one of those that are asked for.
  public func holds(_ item: JudgedCase) -> Bool { item.view.map { holds($0.model) } ?? false }

  /// Whether it is a model, or a version of one, that is asked for.
  public func holds(_ id: ModelID) -> Bool {
    (model == nil || id.name == model) && (version == nil || id.version == version)
  }
}
