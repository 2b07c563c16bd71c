internal import Deployment
internal import Domain
internal import Feedback
internal import Ledger
internal import Workbench

extension Workspace {
  /// The windows of a report compared anew, with other cases of this ledger in place of the detector's reference.
  /// Nothing of it is kept: the ledger's windows stay the detector's.
  func compare(
    _ content: DriftScreen.Content, with baseline: DriftBaseline
  ) async throws(Problem) -> DriftScreen.Content {
    let model = content.model
    guard let signature = knownDescription(of: model)?.signature else {
      throw Problem(
        "The fields of \(model.name.string) are not known here.",
        advice: "Reload Models with the service in reach: that reads them.")
    }
    guard let first = content.windows.first, let last = content.windows.last else { return content }
    let name = contextName
    let kept = try await studied { events, _ in
      BaselineRecords(
        reference: try events.records(of: model, context: name, from: baseline.from, before: baseline.to).map(\.record),
        current: try events.records(of: model, context: name, from: first.from, before: last.to).map {
          ($0.at, $0.record)
        })
    }
    guard kept.reference.count >= Window.smallestCount else {
      throw Problem(
        "The baseline has \(kept.reference.count) cases; a comparison needs \(Window.smallestCount).",
        advice: "Turn to a window with more of them, or make the windows wider.")
    }
    guard let comparison = BaselineComparison(kept.reference, signature: signature, rules: baseline.rules) else {
      throw Problem("None of the fields of \(model.name.string) can be compared: they are texts or pictures.")
    }
    var compared = content
    compared.baseline = baseline
    compared.reference = comparison.reference
    for index in compared.windows.indices {
      let window = compared.windows[index]
      let records = kept.current.filter { $0.0 >= window.from && $0.0 < window.to }.map(\.1)
      let isBaseline = window.from >= baseline.from && window.to <= baseline.to
      compared.windows[index].result =
        records.count < Window.smallestCount || isBaseline
        ? nil : comparison.result(of: records, signature: signature)
    }
    return compared
  }
}

private struct BaselineRecords: Sendable {
  var reference: [Record]
  var current: [(Timestamp, Record)]
}
