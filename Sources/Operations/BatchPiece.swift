internal import Domain

/// A request's worth of a file, on its way to the service and back.
struct BatchPiece: Sendable {
  /// What is still to be asked.
  enum Work: Sendable {
    /// Rows as they were read.
    case read([FileRow])
    case rows(ArraySlice<PreparedRow>)
    /// A line that is a request of its own.
    case request(FileRow)
    case nothing

    /// The first row that is not done.
    var firstRow: Int? {
      switch self {
      case .read(let rows): rows.first?.number
      case .rows(let rows): rows.first?.number
      case .request(let row): row.number
      case .nothing: nil
      }
    }
  }

  enum Outcome: Sendable {
    /// `id` is that of the request, where it was one of its own.
    case scored(row: Int, Case, id: RawText?)
    /// What was answered to a request of several records, as a line.
    case answered(row: Int, line: [UInt8])
    case rejected(RejectedRow)

    var row: Int {
      switch self {
      case .scored(let row, _, _), .answered(let row, _): row
      case .rejected(let rejected): rejected.row
      }
    }
  }

  /// That the service was too busy: what it said, and how long it wants to be left alone, in seconds.
  struct Refusal: Sendable {
    var problem: Problem
    var retryAfter: Double?
  }

  /// A request that was answered.
  struct Call: Sendable {
    var at: Timestamp
    var milliseconds: Double?
  }

  let index: Int
  let rowCount: Int
  /// Bytes of its rows, and of the file up to its last row.
  let size: Int
  let end: Int
  var work: Work
  var outcomes: [Outcome] = []
  var part = BatchPart()
  var calls: [Call] = []
  /// When it left, by the machine's own seconds.
  var sent = 0.0
  /// Where the service was too busy to take it.
  var refusal: Refusal?
  /// Why the rest of it is not done, and nothing behind it is to be begun.
  var failure: Problem?
  /// What was not answered in time.
  var lateness: Problem?

  /// Puts what is done in order; of a piece that failed, what lies before the first row that is not done.
  mutating func close(keepsCases: Bool) {
    outcomes.sort { $0.row < $1.row }
    if failure != nil, let first = work.firstRow { outcomes.removeAll { $0.row >= first } }
    if !keepsCases { finish() }
  }

  /// Makes lines of the outcomes.
  mutating func finish() {
    part = BatchPart()
    part.answers.reserveCapacity(outcomes.count * 640)
    var writer = PredictionWriter()
    for outcome in outcomes {
      switch outcome {
      case .scored(let row, let current, let id):
        part.scored += 1
        if let route = current.prediction.answeredBy { part.routes[route, default: 0] += 1 }
        if current.number > 0 { part.cases.append(current.id) }
        writer.write(current, row: row, id: id, to: &part.answers)
      case .answered(_, let line):
        part.scored += 1
        part.answers += line
        part.answers.append(0x0A)
      case .rejected(let rejected): part.rejected.append(rejected)
      }
    }
    outcomes = []
  }
}
