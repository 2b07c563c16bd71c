public import Domain

/// A file that is scored behind the form of its model.
public struct FileScoring: Equatable, Sendable {
  public enum Stage: Equatable, Sendable {
    case running
    case done
    /// The analyst stopped it; what is done stays.
    case stopped
    case failed(Problem)
  }

  public var model: ModelID
  /// The file's name without its folders.
  public var name: String
  public var progress = BatchProgress()
  public var stage = Stage.running
  /// The cases that were made, in the file's order.
  public var cases: [ShortHash] = []
  /// Where the answers were written; nil where they became cases.
  public var output: String?

  public init(model: ModelID, name: String, output: String? = nil) {
    self.model = model
    self.name = name
    self.output = output
  }

  public var isRunning: Bool { stage == .running }
}
