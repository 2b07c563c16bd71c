internal import Domain
internal import Feedback

/// What invented analysts say of the shipped records in a demonstration, as the streams that their devices would send.
struct DemoAnalysts: Sendable {
  /// What one of them says of one record.
  struct Remark: Hashable, Sendable {
    var model: RawText
    /// The record's own id.
    var record: RawText
    var analyst: RawText
    var judgement: Judgement
    var hoursAgo: Double
  }

  /// A whole chain of events, from its start.
  struct DeviceStream: Hashable, Sendable {
    var analyst: RawText
    var id: StreamID
    var events: [Event]
  }

  let remarks: [Remark]

  /// Their names, in order.
  var names: [RawText] { Set(remarks.map(\.analyst)).sorted() }

  /// Reads one remark a line of JSON.
  init(_ bytes: [UInt8]) throws(Problem) {
    var remarks: [Remark] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let json = try? JSON(parsing: line), let model = json["model"]?.text, let record = json["record"]?.text,
        let analyst = json["analyst"]?.text, let hours = json["hours_ago"]?.number,
        let judgement = try? Judgement(json: json), judgement.verdict != nil
      else { throw Problem("line \(index + 1) of the shipped judgements is no judgement") }
      remarks.append(
        Remark(model: model, record: record, analyst: analyst, judgement: judgement, hoursAgo: hours))
    }
    self.remarks = remarks
  }

  /// The cases that somebody says something of.
  func judged(among cases: [Case]) -> [Case] {
    let known = Set(remarks.map { RecordKey($0) })
    return cases.filter { known.contains(RecordKey($0)) }
  }

  /// Each analyst's stream about these cases, the oldest remark first; a remark on a record that is not among them is
  /// left out. How long they looked is not known, and not made up.
  func streams(
    about cases: [Case], signatures: [ModelID: Signature], context: RawText, collector: RawText, now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) throws(EventBodyError) -> [DeviceStream] {
    let known = Dictionary(cases.map { (RecordKey($0), $0) }) { first, _ in first }
    var streams: [DeviceStream] = []
    for name in names {
      let said = remarks.filter { $0.analyst == name }.sorted { $0.hoursAgo > $1.hoursAgo }
      func stamp(_ hours: Double) -> Stamp {
        Stamp(
          at: now.advanced(bySeconds: -3600 * hours), analyst: name, session: "demonstration", context: context,
          tool: "mds 0.1 demonstration", screen: .init(mode: ""))
      }
      var drafts: [EventDraft] = []
      func add(
        _ payload: EventPayload, _ hours: Double, _ caseID: ShortHash? = nil, _ references: [EventReference] = []
      ) -> EventID {
        let stamp = stamp(hours)
        let id = EventID(at: stamp.at, using: &generator)
        drafts.append(
          EventDraft(
            eventID: id, body: EventBody(stamp: stamp, caseID: caseID, references: references, payload: payload)))
        return id
      }
      let first = said.first?.hoursAgo ?? 0
      _ = add(.streamStart(StreamStart(collector: collector, device: "demonstration")), first)
      for remark in said {
        guard let found = known[RecordKey(remark)] else { continue }
        let seen = try Seen(
          found, signature: signatures[found.model], service: context,
          assistance: found.explanations.isEmpty ? .prediction : .explanation)
        let view = add(.seen(seen), remark.hoursAgo, found.id)
        let body = JudgementBody(remark.judgement, assistance: seen.assistance)
        _ = add(.judgement(body), remark.hoursAgo, found.id, [EventReference(.seen, view)])
      }
      let id = StreamID(using: &generator)
      streams.append(
        DeviceStream(analyst: name, id: id, events: try Chain.seal(drafts, stream: id, after: .empty)))
    }
    return streams
  }

  private struct RecordKey: Hashable {
    var model: RawText
    var record: RawText

    init(_ remark: Remark) {
      model = remark.model
      record = remark.record
    }

    init(_ found: Case) {
      model = found.model.name
      record = found.sourceID
    }
  }
}
