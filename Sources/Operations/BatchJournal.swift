public import Domain

/// The output of a batch and the rows that were set aside: together they are the journal of what is done, so that
/// there is nothing beside them that could be lost or be older than they are.
///
/// Every row of the file stands in one of the two, in its order. What a run that was killed left behind the first gap
/// is cut off: a line that was not finished, and rows of a part of which the one file has more than the other.
public final class BatchJournal {
  /// Rows of one part at most: no run leaves more behind a gap.
  static let longestPart = 65_536
  /// Lines that are kept to tell whether a file is the one that was begun.
  private static let sampleCount = 64

  public private(set) var earlier = EarlierRows()
  public let output: LineFile?
  public let rejects: LineFile?

  /// Opens the files for what is read from another: begun anew, or read through to go on behind the last row that is done.
  public init(of input: String, output: String?, rejects: String?, resumes: Bool) throws(Problem) {
    if let output { try Files.requireApart(output, as: "--output", from: [input]) }
    if let rejects { try Files.requireApart(rejects, as: "--rejects", from: [input, output]) }
    var lengths = (answers: 0, refusals: 0)
    if resumes, let output {
      var answers = try JournalLines(output)
      var refusals = try JournalLines(rejects)
      earlier = try BatchJournal.read(&answers, &refusals)
      for lines in [answers, refusals] {
        if lines.isForeign {
          throw Problem("\(lines.path) does not look like lines of answers.", kind: .invalidInput)
        }
        // More than a run can have left behind a gap is not cut off.
        guard try lines.hasMore(than: BatchJournal.longestPart) else { continue }
        throw Problem(
          "\(lines.path) cannot be gone on with: row \(earlier.done + 1) is missing.",
          advice: "Give another --output, or the --rejects that belong to it.", kind: .invalidInput)
      }
      lengths = (answers.length, refusals.length)
    }
    self.output = try output.map { (path) throws(Problem) in try LineFile(path, keeping: lengths.answers) }
    self.rejects = try rejects.map { (path) throws(Problem) in try LineFile(path, keeping: lengths.refusals) }
  }

  /// Adds what became of some rows. The answers go last: a run that is killed in between does less again.
  public func add(_ part: BatchPart) throws(Problem) {
    if let rejects, !part.rejected.isEmpty {
      var lines: [UInt8] = []
      for row in part.rejected { row.write(to: &lines) }
      try rejects.write(lines)
    }
    if let output, !part.answers.isEmpty { try output.write(part.answers) }
  }

  /// Sees to it that all is on the disk, and takes an empty file of rejects away.
  public func finish() throws(Problem) {
    try output?.settle()
    try rejects?.settle()
    rejects?.removeIfEmpty()
  }

  /// Where the rows of a file that are set aside are kept: `answers.jsonl` → `answers.rejects.jsonl`.
  public static func rejects(beside output: String) -> String {
    (output.hasSuffix(".jsonl") ? String(output.dropLast(6)) : output) + ".rejects.jsonl"
  }

  /// Walks through both files from row to row, to the first that is in neither.
  private static func read(
    _ answers: inout JournalLines, _ refusals: inout JournalLines
  ) throws(Problem) -> EarlierRows {
    var earlier = EarlierRows()
    var stride = 1
    while true {
      let row = earlier.done + 1
      let line: [UInt8]?
      if try answers.peek() == row {
        line = answers.take(wanted: row % stride == 0)
      } else if try refusals.peek() == row {
        line = refusals.take(wanted: row % stride == 0)
        earlier.rejected += 1
      } else {
        break
      }
      earlier.done = row
      guard let line, let json = try? JSON(parsing: line) else { continue }
      let kept: Set<RawText> = ["case", "reason", "text"]
      earlier.samples[row] = .object((json.members ?? []).filter { kept.contains($0.key) })
      if earlier.samples.count > sampleCount {
        stride *= 2
        earlier.samples = earlier.samples.filter { $0.key % stride == 0 }
      }
    }
    return earlier
  }
}

/// The lines of a journal's file, whose first member is the row.
private struct JournalLines {
  private static let beginning = Array(#"{"row":"#.utf8)

  let path: String
  private let source: ByteSource?
  private var line: [UInt8]?
  private var row: Int?
  private var hasEnded = false
  /// Whether a line was found that no batch has written.
  private(set) var isForeign = false
  /// Bytes up to the end of the last line that was taken.
  private(set) var length = 0

  /// A file that is not there has no lines.
  init(_ path: String?) throws(Problem) {
    self.path = path ?? ""
    guard let path, Files.exists(path) else {
      source = nil
      return
    }
    source = try ByteSource(path)
  }

  /// The row of the next whole line; nil at the end.
  mutating func peek() throws(Problem) -> Int? {
    if let row { return row }
    guard !hasEnded, let source, let next = try source.line(limit: Int.max) else { return nil }
    if source.endedWithLine {
      line = next
      row = JournalLines.row(of: next)
      isForeign = row == nil
    } else {
      // A line that was not finished.
      isForeign = !JournalLines.beginning.starts(with: next.prefix(JournalLines.beginning.count))
    }
    hasEnded = row == nil
    return row
  }

  /// Goes past the line; its bytes, where they are wanted.
  mutating func take(wanted: Bool) -> [UInt8]? {
    length = source?.offset ?? 0
    row = nil
    return wanted ? line : nil
  }

  /// Whether more lines than these come yet.
  func hasMore(than count: Int) throws(Problem) -> Bool {
    guard let source else { return false }
    for _ in 0...count where try source.line(limit: Int.max) == nil { return false }
    return true
  }

  private static func row(of line: [UInt8]) -> Int? {
    guard line.starts(with: beginning) else { return (try? JSON(parsing: line))?["row"]?.integer.map { Int($0) } }
    var row = 0
    for byte in line[beginning.count...].prefix(18) {
      guard (0x30...0x39).contains(byte) else { break }
      row = row * 10 + Int(byte - 0x30)
    }
    return row > 0 ? row : nil
  }
}
