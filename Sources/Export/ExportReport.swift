internal import Domain

/// What an export came to.
public struct ExportReport: Hashable, Sendable {
  /// Rows, lines or records written, the heading aside.
  public var rows = 0
  /// Judgements that could not be written because their body was redacted or is not there.
  public var withoutBody = 0
  /// Judgements that could not be written because this program cannot read them.
  public var unreadable = 0
  /// Judgements that a form of what stands has no place for: changed, taken back, or followed by a final one.
  public var notStanding = 0
  /// Judgements that such a form has no place for because their input is not there.
  public var withoutInput = 0
  /// Judgements that could not be written because one model's are wanted, and what they were made on is not there.
  public var withoutView = 0
  /// Models whose judgements were not wanted, some of them.
  var otherModels: Set<RawText> = []
  /// Judgements that name no answer, in a form of answers.
  public var withoutAnswer = 0
  /// Marks in force on cases that their analyst has not judged: no row has them.
  public private(set) var strayMarks = 0
  /// Cases without a judgement, in a form of cases: an earlier export may have them, and nothing of what they had stands.
  public var emptied = 0
  /// Such cases that could not be written, because no input of them is here either.
  public var vanished = 0
  /// What the file holds.
  public var codebook: Codebook
  /// What it is, where that was asked for; nil for whole events.
  public var card: DatasetCard?

  public init(codebook: Codebook) { self.codebook = codebook }

  mutating func addStrayMark() {
    strayMarks += 1
    card?.addStrayMark()
  }

  /// `148 rows; 3 judgements without a readable body left out`.
  public var summary: String {
    let leftOut = [
      (codebook.format == .events ? 0 : withoutBody + unreadable, "judgements without a readable body"),
      (withoutView, "without a view that tells their model"),
      (notStanding, notStanding == 1 ? "that does not stand" : "that do not stand"),
      (withoutInput, "without an input"), (withoutAnswer, "without an answer"),
      (strayMarks, "marks on cases without a judgement"),
      (vanished, "cases of before of which neither an answer nor an input is here"),
    ]
    let others = otherModels.map { Codebook.quoted($0.string) }.sorted().joined(separator: ", ")
    let none = rows == 0 && !others.isEmpty ? ["none of this model: what is here is of \(others)"] : []
    let words = none + leftOut.filter { $0.0 > 0 }.map { "\(Self.counted($0.0, $0.1)) left out" }
    let empty = emptied == 0 ? "" : ", \(emptied) of which \(emptied == 1 ? "has" : "have") no answer any more"
    return (["\(Self.counted(rows, codebook.format.noun))\(empty)"] + words).joined(separator: "; ")
  }

  /// `1 row`, `2 rows`: of one thing the word that says what it is loses its last letter.
  private static func counted(_ count: Int, _ words: String) -> String {
    let parts = words.split(separator: " ", maxSplits: 1)
    guard count == 1, let noun = parts.first, noun.hasSuffix("s") else { return "\(count) \(words)" }
    return (["1 \(noun.dropLast())"] + parts.dropFirst()).joined(separator: " ")
  }
}
