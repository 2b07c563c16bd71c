/// Why an answer is not what an explainer or a detector of this kind says.
public enum AlibiError: Error, Hashable, Sendable {
  /// No output of this name.
  case missingOutput(String)
  /// The explanation is no JSON.
  case notJSON(String, offset: Int)
  /// A part is missing or of another form than Alibi writes: its path, and what is needed there.
  case malformed(String, needed: String)
  /// The explanation has no such row.
  case noRow(Int, count: Int)
  /// The service answered for another number of rows than were asked for.
  case wrongRowCount(Int, expected: Int)

  /// What is wrong, as half a sentence.
  public var text: String {
    switch self {
    case .missingOutput(let name): "the answer has no output '\(name)'"
    case .notJSON(let reason, let offset): "the explanation is no JSON: \(reason) at byte \(offset)"
    case .malformed(let path, let needed): "'\(path)' is not \(needed)"
    case .noRow(let row, let count): "the explanation has \(count) rows, no row \(row)"
    case .wrongRowCount(let count, let expected): "\(count) rows came back for \(expected)"
    }
  }
}
