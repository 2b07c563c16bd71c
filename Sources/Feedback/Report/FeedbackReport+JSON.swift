public import Domain
internal import Statistics

extension FeedbackReport {
  /// The same numbers for programs. What fewer than the least n say is null; its n stands beside it.
  public func json(slices kinds: [SliceKind]? = nil) -> JSON {
    let kinds = kinds ?? SliceKind.allCases.filter { slices[$0] != nil }
    var object = ObjectBuilder()
    object.put("model", query.model.map(JSON.raw) ?? .null)
    object.put("version", query.version.map(JSON.raw) ?? .null)
    object.put("since", query.since.map { .text($0.description) } ?? .null)
    object.put("until", query.until.map { .text($0.description) } ?? .null)
    object.put("smallest_n", smallest)
    object.put("cases", cases)
    object.put("judgements", judgements)
    object.put("first_at", first.map { .text($0.description) } ?? .null)
    object.put("last_at", last.map { .text($0.description) } ?? .null)
    object.put(
      "verdicts",
      .object(Verdict.allCases.map { JSON.Member(RawText($0.rawValue), .integer(Int64(verdicts[$0] ?? 0))) }))
    object.put("accuracy", json(accuracy))
    object.put("adjudicated_cases", adjudicated)
    object.put("blind_accuracy", json(blindAccuracy))
    object.put("blind_share", json(blind))
    object.put("weighted_accuracy", weighted)
    object.put("confusion", matrix)
    object.put("calibration", reliability)
    object.put("agreement", agreementJSON)
    object.put("reliance", relianceJSON)
    object.put("seconds_per_case", json(times))
    object.put("analysts", .array(analysts.map(json)))
    object.put(
      "reasons", .object(reasons.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .integer(Int64($0.value))) }))
    object.put(
      "slices",
      .object(kinds.map { kind in JSON.Member(RawText(kind.rawValue), .array((slices[kind] ?? []).map(json))) })
    )
    object.put("versions_compared", .array(comparisons.map(json)))
    object.put("not_counted", gaps.json)
    return object.json
  }

  private func number(_ value: Double?, of count: Int) -> JSON {
    guard let value, value.isFinite, shows(count) else { return .null }
    return .number(value)
  }

  private func json(_ share: Proportion?, _ hits: RawText = "right") -> JSON {
    let count = share?.trials ?? 0
    let interval = share?.wilson()
    return .object([
      JSON.Member(hits, .integer(Int64(share?.successes ?? 0))), JSON.Member("n", .integer(Int64(count))),
      JSON.Member("share", number(share?.value, of: count)),
      JSON.Member("low", number(interval?.lowerBound, of: count)),
      JSON.Member("high", number(interval?.upperBound, of: count)),
    ])
  }

  private func json(_ comparison: AnswerComparison) -> JSON {
    .object([
      "model": JSON.raw(comparison.model), "first": JSON.raw(comparison.first), "second": JSON.raw(comparison.second),
      "n": .integer(Int64(comparison.records)), "both_right": .integer(Int64(comparison.bothRight)),
      "only_first_right": .integer(Int64(comparison.onlyFirst)),
      "only_second_right": .integer(Int64(comparison.onlySecond)),
      "mcnemar_p": comparison.isTooFew ? .null : .number(comparison.pValue),
    ])
  }

  private var weighted: JSON {
    let count = weightedAccuracy?.count ?? 0
    let interval = weightedAccuracy?.shareInterval()
    return .object([
      "n": .integer(Int64(count)), "share": number(weightedAccuracy?.mean, of: count),
      "low": number(interval?.lowerBound, of: count), "high": number(interval?.upperBound, of: count),
      "standard_error": number(weightedAccuracy?.standardError, of: count),
      "effective_n": weightedAccuracy.map { .number($0.effectiveCount) } ?? .null,
      "estimated_population": weightedAccuracy.map { .number($0.estimatedPopulation) } ?? .null,
      "not_drawn": .integer(Int64(gaps.notDrawn)),
    ])
  }

  private var matrix: JSON {
    let total = confusion.total
    let kappa = CohenKappa(confusion)
    let labels = zip(confusion.labels, zip(confusion.truthTotals, confusion.modelTotals)).map { label, totals -> JSON in
      .object([
        "label": JSON.raw(label), "true": .integer(Int64(totals.0)), "predicted": .integer(Int64(totals.1)),
        "recall": number(confusion.recall(label), of: totals.0),
        "precision": number(confusion.precision(label), of: totals.1),
        "f1": number(confusion.f1(label), of: max(totals.0, totals.1)),
      ])
    }
    return .object([
      "n": .integer(Int64(total)), "labels": .array(confusion.labels.map(JSON.raw)),
      "counts": .array(confusion.counts.map { row in .array(row.map { .integer(Int64($0)) }) }),
      "per_label": .array(labels), "balanced_accuracy": number(confusion.balancedAccuracy, of: total),
      "macro_f1": number(confusion.macroF1, of: total), "kappa": number(kappa?.value, of: total),
      "matthews": number(confusion.matthewsCorrelation, of: total),
    ])
  }

  private var reliability: JSON {
    let bins = calibration.bins.map { bin -> JSON in
      let interval = bin.proportion?.wilson()
      return .object([
        "from": .number(bin.lower), "to": .number(bin.upper), "n": .integer(Int64(bin.count)),
        "right": .integer(Int64(bin.correct)), "said": number(bin.confidence, of: bin.count),
        "was_right": number(bin.accuracy, of: bin.count), "low": number(interval?.lowerBound, of: bin.count),
        "high": number(interval?.upperBound, of: bin.count),
      ])
    }
    let count = calibration.count
    return .object([
      "n": .integer(Int64(count)), "expected_error": number(calibration.expectedError, of: count),
      "largest_gap": number(largestGap, of: count), "brier": number(calibration.brier, of: count),
      "bias": number(calibration.bias, of: count), "bins": .array(bins),
    ])
  }

  private var agreementJSON: JSON {
    let count = agreement.units
    return .object([
      "n": .integer(Int64(count)), "analysts": .integer(Int64(agreement.raters.count)),
      "observed": number(agreement.observed, of: count), "alpha": number(agreement.alpha?.value, of: count),
      "ac1": number(agreement.gwet?.value, of: count),
      "pairs": .array(
        agreement.pairs.map { pair in
          .object([
            "first": JSON.raw(pair.first), "second": JSON.raw(pair.second), "n": .integer(Int64(pair.count)),
            "observed": number(pair.kappa.observed, of: pair.count), "kappa": number(pair.kappa.value, of: pair.count),
          ])
        }),
    ])
  }

  private var relianceJSON: JSON {
    let parts: [(RawText, Reliance.Count)] = [
      ("switched", reliance.switched), ("adopted", reliance.adopted), ("adopted_wrong", reliance.adoptedWrong),
      ("relative_ai_reliance", reliance.relativeAIReliance), ("relative_self_reliance", reliance.relativeSelfReliance),
      ("initial_accuracy", reliance.initialAccuracy), ("model_accuracy", reliance.modelAccuracy),
      ("final_accuracy", reliance.finalAccuracy),
    ]
    let own = reliance.relativeSelfReliance.total
    let advised = reliance.relativeAIReliance.total
    return .object(
      parts.map { JSON.Member($0.0, json($0.1.proportion, "times")) } + [
        JSON.Member("over_reliance", number(reliance.overReliance, of: own)),
        JSON.Member("under_reliance", number(reliance.underReliance, of: advised)),
        JSON.Member("assist_effect", number(reliance.assistEffect, of: reliance.finalAccuracy.total)),
        JSON.Member("confidence_shift", number(confidenceShift?.mean, of: confidenceShift?.count ?? 0)),
        JSON.Member("confidence_n", .integer(Int64(confidenceShift?.count ?? 0))),
      ])
  }

  private func json(_ times: DecisionTimes) -> JSON {
    .object([
      "n": .integer(Int64(times.count)), "lower_quartile": number(times.lowerQuartile, of: times.count),
      "median": number(times.median, of: times.count), "upper_quartile": number(times.upperQuartile, of: times.count),
    ])
  }

  private func json(_ work: Work) -> JSON {
    .object(["name": JSON.raw(work.name), "cases": .integer(Int64(work.count)), "seconds_per_case": json(work.times)])
  }

  private func json(_ slice: FeedbackSlice) -> JSON {
    let isComparable = slice.pValue != nil
    return .object(
      [JSON.Member("name", JSON.raw(slice.name))] + (json(slice.right).members ?? []) + [
        JSON.Member("gap", isComparable ? number(slice.gap, of: slice.count) : .null),
        JSON.Member("lift", number(slice.lift, of: slice.count)),
        JSON.Member("p", slice.pValue.map(JSON.exact) ?? .null), JSON.Member("is_different", .bool(slice.isDifferent)),
        JSON.Member("reason", slice.reason.map(JSON.raw) ?? .null),
      ])
  }
}

extension FeedbackReport.Gaps {
  /// Every gap with its name and how many, in the order of their words.
  public var all: [(name: RawText, count: Int)] {
    [
      ("redacted_judgements", withoutBody), ("judgements_without_view", withoutView), ("cases_tied", ties),
      ("cases_open", open), ("cases_without_answer", withoutAnswer), ("wrong_without_label", unnamed),
      ("cases_with_number", numbers), ("cases_without_probability", withoutProbability),
      ("cases_not_drawn", notDrawn), ("judgements_with_alternatives", alternatives),
    ]
  }

  var json: JSON { .object(all.map { JSON.Member($0.name, .integer(Int64($0.count))) }) }
}
