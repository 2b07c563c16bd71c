internal import Domain
internal import Feedback
internal import Ledger
internal import Workbench

extension Workspace {
  /// Writes a drift report as it is on screen to a new file in the folder that `mds` was started in; gives its name.
  func saveDrift(_ snapshot: DriftScreen.Snapshot) throws(Problem) -> String {
    let content = snapshot.content
    let windows = content.windows.indices.map { index -> JSON in
      var members: [JSON.Member] = [JSON.Member("window", content.windows[index].reportJSON)]
      if content.outlierShares.indices.contains(index), let share = content.outlierShares[index] {
        members.append(JSON.Member("outlier_share", .exact(share)))
      }
      if content.answers.indices.contains(index) {
        let answers = content.answers[index].sorted { $0.key < $1.key }
        members.append(JSON.Member("answers", .object(answers.map { JSON.Member($0.key, .integer(Int64($0.value))) })))
      }
      return .object(members)
    }
    let report = JSON.object([
      "made_at": .text(Machine.now.description), "made_by": JSON.raw(analyst), "tool": JSON.raw(Workspace.tool),
      "context": JSON.raw(contextName), "model": JSON.raw(content.model.name),
      "version": content.model.version.map(JSON.raw) ?? .null, "width_seconds": .integer(snapshot.width.seconds),
      "reference": .text(content.referenceSource),
      "reference_count": content.reference.map { .integer(Int64($0.count)) } ?? .null,
      "baseline": content.baseline.map {
        .object(["from": .text($0.from.description), "to": .text($0.to.description), "rules": .text($0.rules.rawValue)])
      } ?? .null,
      "in_view": snapshot.window.map { .text($0.from.description) } ?? .null, "windows": .array(windows),
    ])
    return try write(report, as: "drift", of: content.model.name)
  }

  /// An event of this device's own stream, whole.
  func eventDetail(_ sequence: Int) async throws(Problem) -> OutboxScreen.EventDetail {
    let id = stream.id
    let found = try await onLedger { ledger throws(LedgerError) in try ledger.event(of: id, seq: sequence) }
    guard let event = found else { throw Problem("The event \(sequence) is not in this ledger") }
    return OutboxScreen.EventDetail(
      sequence: event.seq, kind: event.kind.text, at: event.at, analyst: event.analyst,
      id: Hexadecimal.text(of: event.eventID.bytes), hash: Hexadecimal.text(of: event.hash.bytes),
      previous: Hexadecimal.text(of: event.prev.bytes), body: event.body.flatMap { try? JSON(parsing: $0) })
  }
}
