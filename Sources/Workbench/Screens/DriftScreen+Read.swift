internal import Domain
internal import Frames
internal import SafeText

extension DriftScreen {
  static func read(_ state: State) -> Outline {
    let followed = shownFeature(state)?.name
    let outliers = state.content.value?.outlierShares ?? []
    let windows = (state.content.value?.windows ?? []).enumerated().map { index, window -> [String] in
      let result = window.result
      let from = String(window.from.description.prefix(16)) + "Z"
      let drifted = result.map { "\($0.driftedCount)" } ?? "·"
      let effect = result?.features.first { $0.name == followed }?.effect
      let share = outliers.indices.contains(index) ? outliers[index] : nil
      let verdict = result.map { $0.isDrift ? "drift" : "no drift" } ?? "·"
      return [
        from, "\(window.count)", drifted, Numeral.decimal(effect, places: 3).text,
        Numeral.decimal(share, places: 3).text, verdict, result?.source.rawValue ?? "·",
      ]
    }
    let tests = state.shownWindow?.result?.isCorrected == false ? 1 : state.features.count
    let features = state.features.map { feature in
      [
        feature.name.safe.text, feature.method.text, Numeral.decimal(feature.statistic, places: 3).text,
        Numeral.decimal(feature.effect, places: 3).text,
        feature.pValue.isNaN ? "·" : Numeral.pValue(min(1, feature.pValue * Double(tests))).text,
        feature.isDrifted ? "drift" : "",
        state.content.value?.reference?.features.first { $0.name == feature.name }
          .map { Shift.text(feature, $0, columns: 40).text } ?? "",
      ]
    }
    let bins = shownFeature(state).flatMap { feature -> Outline.Section? in
      guard let reference = state.content.value?.reference?.features.first(where: { $0.name == feature.name }) else {
        return nil
      }
      let (labels, counts) = Histograms.bins(reference.distribution)
      let shares = (Numeral.percents(counts.map(Double.init)), Numeral.percents(feature.current.map(Double.init)))
      let rows = labels.indices.map { index in
        let hasCurrent = index < feature.current.count
        return [
          labels[index].text, "\(counts[index])", "\(shares.0[index])", hasCurrent ? "\(feature.current[index])" : "·",
          hasCurrent ? "\(shares.1[index])" : "·",
        ]
      }
      let isWhole = feature.current.count == counts.count
      return Outline.Section(
        "\(feature.name.safe)", lines: isWhole ? [Histograms.note(counts, feature.current).text] : [],
        columns: ["BIN", "REFERENCE", "%", "WINDOW", "%"], rows: rows)
    }
    let against = state.content.value?.baseline.map { "against \($0.title), by the rules of \($0.rules.rawValue)" }
    let shown = state.shownWindow.map { "window \(state.window + 1) of \(windows.count), \($0.titleText)" }
    return Outline(
      "Drift \(state.model.title)",
      [
        Outline.Section(
          "Features",
          lines: (state.progress.map { [$0] } ?? state.content.standing) + [shown, against].compactMap(\.self),
          columns: ["FEATURE", "METHOD", "STATISTIC", "EFFECT", tests == 1 ? "P" : "P × N", "DRIFT", "SHIFT"],
          rows: features, selected: state.rows.selected),
        bins ?? Outline.Section(""),
        Outline.Section("Answers", lines: state.content.value.map { [answers(state, $0).text] } ?? []),
        Outline.Section(
          followed.map { "Windows, the effect of \($0.safe)" } ?? "Windows",
          lines: DriftChart.limitText(state).map { [$0.text] } ?? [],
          columns: ["FROM", "N", "DRIFTED", "EFFECT", "OUTLIERS", "VERDICT", "SOURCE"], rows: windows,
          selected: windows.isEmpty ? nil : state.window),
      ])
  }
}
