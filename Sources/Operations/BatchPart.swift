public import Domain

/// A row that was not scored: why, and the row as it stood in the file.
public struct RejectedRow: Error, Hashable, Sendable {
  public var row: Int
  public var reason: String
  public var text: RawText

  /// It as a line of JSON.
  func write(to output: inout [UInt8]) {
    JSON.object(["row": .integer(Int64(row)), "reason": .text(reason), "text": .string(text)]).write(to: &output)
    output.append(0x0A)
  }
}

/// What became of some rows of a file that follow each other.
public struct BatchPart: Sendable {
  /// The answers as lines of JSON, in the file's order.
  public var answers: [UInt8] = []
  public var scored = 0
  public var rejected: [RejectedRow] = []
  /// The cases that were made, in the file's order.
  public var cases: [ShortHash] = []

  /// Rows that were answered and are no cases: their ids are those of cases that were judged with other records.
  public var apart = 0

  /// How many rows each candidate of an experiment answered; empty where nothing chose between several.
  public var routes: [RawText: Int] = [:]

  var isEmpty: Bool { scored == 0 && rejected.isEmpty }
}

/// What became of one row of a file.
public enum BatchRow: Sendable {
  case scored(row: Int, Case)
  /// Not scored: why, and the row as it stood in the file.
  case rejected(row: Int, reason: String, text: RawText)

  public var row: Int {
    switch self {
    case .scored(let row, _), .rejected(let row, _, _): row
    }
  }
}

/// How a batch is scored.
public struct BatchOptions: Sendable {
  /// Rows of one request; nil to find out by measuring.
  public var rowsPerRequest: Int?
  /// Requests on their way at a time; nil to find out by measuring.
  public var requestsInFlight: Int?
  /// Whether each answer becomes a case of the ledger.
  public var keepsCases = false
  /// What is known of the file; nil for a pipe.
  public var facts: FileFacts?
  /// What an earlier run has done.
  public var earlier = EarlierRows()

  public init() {}
}

/// What an earlier run has written of a file.
public struct EarlierRows: Sendable {
  /// The first rows of the file, so many, are done.
  public var done = 0
  /// So many of these were set aside.
  public var rejected = 0
  /// Some of what was written, by row, to tell whether the file is the same.
  public var samples: [Int: JSON] = [:]

  public init() {}
}
