internal import Domain
public import Feedback

/// The first walk over the events of an export: what stands, what stands beside it, and which inputs there are.
public struct ExportSurvey: Sendable {
  private var links: [StatementLink] = []
  private var beside: [EventID: Beside] = [:]
  private var inputs: [ExportColumn] = []
  private var known: [RawText: Int] = [:]

  struct Beside: Sendable {
    var statement: Statement
  }

  public init() {}

  /// Takes in an event; one whose body is gone or cannot be read says nothing.
  public mutating func add(_ event: Event) {
    if event.kind == .seen {
      guard let body = try? event.decoded(), case .seen(let seen) = body.payload else { return }
      for column in RecordColumns.of(seen) { add(column.name, column.type) }
    } else if let entry = Fold.Entry(event) {
      links.append(StatementLink(entry))
      guard let statement = Statement(entry.body.payload), statement.kind != .judgement else { return }
      beside[event.eventID] = Beside(statement: statement)
    }
  }

  private mutating func add(_ name: RawText, _ type: ExportColumn.ColumnType) {
    guard let index = known[name] else {
      known[name] = inputs.count
      inputs.append(ExportColumn(name, type, "the record's value"))
      return
    }
    // Two models may give one name to values of two types.
    if inputs[index].type != type {
      let isNumeric = [inputs[index].type, type].allSatisfy { $0 == .integer || $0 == .number }
      inputs[index].type = isNumeric ? .number : .json
    }
  }

  /// What the second walk writes by.
  public func plan() -> ExportPlan {
    let threads = StatementThreads(links)
    var statements: [ExportPlan.Key: [Statement]] = [:]
    for thread in threads.standing {
      guard let beside = beside[thread.eventID] else { continue }
      statements[ExportPlan.Key(caseID: thread.caseID, analyst: thread.analyst), default: []].append(beside.statement)
    }
    return ExportPlan(columns: ExportColumn.fixed + inputs, threads: threads, beside: statements)
  }
}

/// What the second walk of an export knows beforehand.
public struct ExportPlan: Sendable {
  /// The columns of a row, in order.
  public let columns: [ExportColumn]
  let threads: StatementThreads
  let beside: [Key: [Statement]]

  struct Key: Hashable, Sendable {
    var caseID: ShortHash
    var analyst: RawText
  }

  /// What else the analyst says of the case, now.
  func beside(_ event: Event) -> [Statement] {
    event.caseID.flatMap { beside[Key(caseID: $0, analyst: event.analyst)] } ?? []
  }
}
