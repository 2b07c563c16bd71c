internal import Alibi
internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
internal import Statistics
public import Workbench

extension Workspace {
  /// Days of windows that the drift screen shows.
  private static let days = 7

  /// The windows of a model up to now: from the ledger where they were computed with as many cases, else by the
  /// model's own detector, which is called only when it keeps no state between calls. Where it does not answer, the
  /// windows that are known come with why.
  public func drift(
    of model: ModelID, width: WindowWidth
  ) async throws(Problem) -> (content: DriftScreen.Content, problem: Problem?) {
    let end = Machine.now.aligned(toSeconds: width.seconds).advanced(bySeconds: Double(width.seconds))
    let start = end.advanced(bySeconds: -Double(Self.days) * 86_400)
    let seconds = width.seconds
    let kept = try await onLedger { ledger throws(LedgerError) in
      KeptWindows(
        records: try ledger.records(of: model, from: start, before: end).map {
          TimedRecord(at: $0.at, record: $0.record)
        },
        known: try ledger.windows(of: model, width: seconds, from: start, before: end))
    }
    let byWindow = Dictionary(grouping: kept.records) { $0.at.aligned(toSeconds: seconds) }
    let known = Dictionary(kept.known.map { ($0.from, $0) }) { first, _ in first }
    let detector = try await driftDetector(of: model)
    var problem: Problem?
    var windows: [Window] = []
    var from = byWindow.keys.min() ?? start
    while from < end {
      let records = byWindow[from]?.map(\.record) ?? []
      var window = Window(
        model: model, from: from, to: from.advanced(bySeconds: Double(seconds)), count: records.count)
      if records.count >= Window.smallestCount {
        if let known = known[from], known.count == records.count {
          window.result = known.result
        } else if let detector, problem == nil {
          do {
            window.result = try await result(of: records, detector: detector)
          } catch {
            problem = error
          }
          let computed = window
          if computed.result != nil {
            try await onLedger { ledger throws(LedgerError) in try ledger.put([computed]) }
          }
        }
      }
      windows.append(window)
      from = window.to
    }
    let reference = detector?.published?.reference
    let content = DriftScreen.Content(
      model: model, windows: windows, reference: reference,
      referenceSource: detector.map { $0.description.id.name.string } ?? "", limits: limits(windows, reference),
      outlierShares: [])
    return (content, problem)
  }

  private func driftDetector(of model: ModelID) async throws(Problem) -> Detector? {
    if knownGroup(of: model.name) == nil { _ = try await models() }
    guard let id = knownGroup(of: model.name)?.driftDetectors.first,
      let description = await newest(id), let signature = await newest(model)?.signature
    else { return nil }
    do {
      return Detector(description: description, published: try description.reference(), signature: signature)
    } catch {
      throw Problem("The reference of \(id.name.string) cannot be read", detail: error.text)
    }
  }

  /// A model's metadata as the service has it, or as it was read last.
  private func newest(_ model: ModelID) async -> ModelDescription? {
    if let fresh = try? await description(of: model) { return fresh }
    return knownDescription(of: model)
  }

  private func result(of records: [Record], detector: Detector) async throws(Problem) -> Window.Result? {
    // A detector that keeps state would answer the next call differently: it is not called unasked.
    guard detector.description.isStateless || detector.published != nil else { return nil }
    let answer: DriftAnswer
    do {
      answer = try await service.drift(detector.description, records: records, call: call())
    } catch {
      throw error.problem
    }
    return detector.result(of: answer, records: records)
  }

  /// For each feature the effect at which p reaches the corrected limit, in the newest window with a result.
  private func limits(_ windows: [Window], _ reference: Reference?) -> [RawText: Double] {
    guard let window = windows.last(where: { $0.result != nil }), let result = window.result else { return [:] }
    let total = Double(window.count + result.referenceCount)
    var limits: [RawText: Double] = [:]
    for feature in result.features {
      switch feature.method {
      case .kolmogorovSmirnov:
        limits[feature.name] = KolmogorovSmirnovTest.criticalDistance(
          atPValue: result.threshold, referenceCount: result.referenceCount, currentCount: window.count,
          method: .asymptotic)
      case .chiSquared(let degrees):
        limits[feature.name] = ChiSquaredTest.criticalStatistic(
          atPValue: result.threshold, degreesOfFreedom: degrees
        ).map { ($0 / total).squareRoot() }
      }
    }
    return limits
  }
}

private struct KeptWindows: Sendable {
  var records: [TimedRecord]
  var known: [Window]
}

private struct TimedRecord: Sendable {
  var at: Timestamp
  var record: Record
}

/// A model's drift detector with what it publishes.
struct Detector: Sendable {
  var description: ModelDescription
  var published: PublishedReference?
  /// The model's signature, by which the records of a window are binned.
  var signature: Signature

  /// A detector's answer on a window's rows, feature by feature.
  func result(of answer: DriftAnswer, records: [Record]) -> Window.Result {
    let reference = published?.reference
    let names = reference?.features.map(\.name) ?? answer.pValues.indices.map { RawText("feature \($0 + 1)") }
    let count = reference?.count ?? 0
    let features = zip(names.indices, names).compactMap { index, name -> Domain.FeatureDrift? in
      guard index < answer.pValues.count, index < answer.distances.count else { return nil }
      let distribution = reference?.features[index].distribution
      let statistic = answer.distances[index]
      let current = distribution.map { counts(of: name, in: $0, records) } ?? []
      var method = Domain.FeatureDrift.Method.kolmogorovSmirnov
      var effect = statistic
      if case .categorical(let labels, _) = distribution {
        let used = max(2, labels.count)
        method = .chiSquared(degreesOfFreedom: used - 1)
        // Two samples make a table of two rows: Cramér's V has min(2, K) − 1 = 1 below it.
        effect = (statistic / Double(max(1, records.count + count))).squareRoot()
      }
      return Domain.FeatureDrift(
        name: name, method: method, statistic: statistic, effect: effect, pValue: answer.pValues[index],
        isDrifted: answer.pValues[index] < answer.threshold, current: current)
    }
    return Window.Result(
      source: .detector, detector: description.id,
      method: published.map(\.method).flatMap { $0.isEmpty ? nil : $0 } ?? answer.method,
      correction: RawText((published?.correction.string ?? "bonferroni").capitalizedFirst),
      threshold: answer.threshold, referenceCount: count, isDrift: answer.isDrift, features: features)
  }

  /// A window's own counts in the reference's bins; empty for a feature that is no field of the form.
  private func counts(of name: RawText, in distribution: Reference.Distribution, _ records: [Record]) -> [Int] {
    guard let field = signature.fields.firstIndex(where: { $0.name == name }) else { return [] }
    let values = records.map { signature.values(in: $0)[field] }
    switch distribution {
    case .categorical(let labels, _):
      return labels.map { label in values.count { $0.text == label } }
    case .numeric(let edges, _):
      var counts = [Int](repeating: 0, count: max(0, edges.count - 1))
      for case let number? in values.map(\.number) where !counts.isEmpty {
        // What lies outside belongs to the outermost bins: the share must stay whole.
        let bin = edges.dropFirst().firstIndex { number < $0 }.map { $0 - 1 } ?? counts.count - 1
        counts[max(0, min(bin, counts.count - 1))] += 1
      }
      return counts
    }
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
