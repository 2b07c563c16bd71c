internal import Domain
public import Feedback

/// The form of an export.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
  /// One line a judgement event, an object with the columns as keys and typed values: loads with
  /// `pandas.read_json(path, lines=True)`.
  case jsonl
  /// The same rows by RFC 4180; cells that spreadsheets would take for formulas begin with an apostrophe.
  case csv
  /// One line an event of any kind, whole, with its links: what `verify` can check again.
  case events
}

/// The second walk over the events of an export: writes each as it comes. Memory does not grow with their number.
public struct Exporter {
  /// How an export is to be.
  public struct Options: Hashable, Sendable {
    public var format: ExportFormat
    /// Whether notes go along: analysts may have written names into them.
    public var withText: Bool
    /// Whether only judgements in force go along.
    public var onlyInForce: Bool

    public init(format: ExportFormat, withText: Bool = true, onlyInForce: Bool = false) {
      self.format = format
      self.withText = withText
      self.onlyInForce = onlyInForce
    }
  }

  public let plan: ExportPlan
  public let options: Options
  /// Lines written, the heading aside.
  public private(set) var count = 0
  private let write: ([UInt8]) throws -> Void

  /// Begins an export into a sink, which gets whole lines.
  public init(_ plan: ExportPlan, _ options: Options, write: @escaping ([UInt8]) throws -> Void) throws {
    self.plan = plan
    self.options = options
    self.write = write
    guard options.format == .csv else { return }
    var line: [UInt8] = []
    CSV.append(plan.columns.map { CSV.safe($0.name) }, to: &line)
    try write(line)
  }

  /// Writes an event, or nothing for one that the format has no place for. `lookUp` finds what was seen.
  public mutating func add(_ event: Event, lookUp: (EventID) throws -> Event?) throws {
    if options.format == .events {
      try write(line(event))
      count += 1
      return
    }
    guard event.kind == .judgement || event.kind == .amend, let body = try? event.decoded() else { return }
    if options.onlyInForce, plan.threads.state(of: event.eventID, analyst: event.analyst) != .inForce { return }
    let seen = try body.targets(.seen).first.flatMap { try Exporter.seen($0, lookUp) }
    guard let row = JudgementRow(event, body, seen: seen, plan: plan, withText: options.withText) else { return }
    var line: [UInt8] = []
    if options.format == .csv {
      CSV.append(plan.columns.map { CSV.cell(row.values[$0.name]) }, to: &line)
    } else {
      let members = plan.columns.map { column in JSON.Member(column.name, row.values[column.name] ?? .null) }
      line = JSON.object(members).serialized + [0x0A]
    }
    try write(line)
    count += 1
  }

  private static func seen(_ id: EventID, _ lookUp: (EventID) throws -> Event?) throws -> Seen? {
    guard let body = try? lookUp(id)?.decoded(), case .seen(let seen) = body.payload else { return nil }
    return seen
  }

  /// The event with its exact body as text, so that its hash can be worked out again.
  private func line(_ event: Event) -> [UInt8] {
    var members = [
      JSON.Member("event_id", .text(event.eventID.hex)), JSON.Member("stream", .text(event.stream.hex)),
      JSON.Member("seq", .integer(Int64(event.seq))), JSON.Member("prev", .text(event.prev.hex)),
      JSON.Member("leaf", .text(event.leaf.hex)), JSON.Member("hash", .text(event.hash.hex)),
      JSON.Member("kind", .raw(event.kind.text)), JSON.Member("at", .text(event.at.description)),
      JSON.Member("analyst", .raw(event.analyst)),
      JSON.Member("case_id", event.caseID.map { .text($0.hex) } ?? .null),
    ]
    if event.kind == .judgement || event.kind == .amend || event.kind.isStatement {
      let state = plan.threads.state(of: event.eventID, analyst: event.analyst)
      members.append(JSON.Member("state", .text(state.rawValue)))
    }
    let body = event.body.flatMap { try? CanonicalJSON.parse($0) }
    members.append(JSON.Member("body", body ?? .null))
    return JSON.object(members).serialized + [0x0A]
  }
}
