internal import Domain
internal import Frames
internal import SafeText

/// What the detectors say of a case, in the room there is.
extension CaseScreen {
  /// Drift and outlier state with their method, in one line of so many columns; `·` where no detector says anything. The
  /// outlier's words are shortened before a feature's name is: it is said nowhere else on a small screen.
  static func signals(_ content: CaseContent, columns: Int) -> StyledText {
    let outliers = OutlierBrevity.allCases.map { outlierText(content.case.outlier, $0) }
    for outlier in outliers {
      let room = columns - outlier.width - 3
      if let drift = driftTexts(content.window).first(where: { $0.width <= room }) { return drift + "   " + outlier }
    }
    let least = outliers.last ?? StyledText()
    return driftText(content.window, columns: columns - least.width - 3) + "   " + least
  }

  /// How much is said of an outlier's score.
  enum OutlierBrevity: CaseIterable {
    case whole, score, answer
  }

  /// A score with as many places as tell it from others of its size.
  static func score(_ value: Double) -> SafeText { Numeral.decimal(value, places: value.magnitude < 1 ? 3 : 2) }

  static func outlierText(_ outlier: Outlier?, _ brevity: OutlierBrevity = .whole) -> StyledText {
    guard let outlier else { return StyledText([.init("outlier: "), .init("·", .dim)]) }
    let limit = outlier.threshold.map { ", limit ".safe + score($0) } ?? .empty
    let what: SafeText =
      switch brevity {
      case .whole: " (".safe + outlier.method.safe.cut(to: 20) + " " + score(outlier.score) + limit + ")"
      case .score: " (".safe + score(outlier.score) + ")"
      case .answer: .empty
      }
    return outlier.isOutlier
      ? StyledText([.init("▲", .warn), .init(" outlier: yes".safe + what)])
      : StyledText([.init("●", .ok), .init(" outlier: no".safe + what)])
  }

  /// The drifted features by p, as many as there is room for.
  static func driftText(_ window: Window?, columns: Int) -> StyledText {
    let texts = driftTexts(window)
    if let text = texts.first(where: { $0.width <= columns }) { return text }
    guard let result = window?.result, let first = drifted(result).first else { return texts.last ?? StyledText() }
    let lead = driftLead(window)
    let count = drifted(result).count
    let more = count > 1 ? " +\(count - 1)".safe : .empty
    let name = columns - lead.width - 2 - more.width
    // A name of which too little is left says less than how many drifted.
    return name >= 6
      ? lead + StyledText(": " + first.name.safe.cutMiddle(to: name) + more)
      : lead + StyledText(" (\(count) of \(result.features.count))".safe)
  }

  private static func drifted(_ result: Window.Result) -> [FeatureDrift] {
    result.features.filter(\.isDrifted).sorted { $0.pValue < $1.pValue }
  }

  private static func driftLead(_ window: Window?) -> StyledText {
    StyledText([.init("▲", .warn), .init(" drift ".safe + (window?.spanText.safe ?? .empty))])
  }

  /// What can be said of the drift, names whole, from the longest to the shortest; a name never stands as if it were the only
  /// one that drifted.
  private static func driftTexts(_ window: Window?) -> [StyledText] {
    guard let window, let result = window.result else { return [StyledText([.init("drift: "), .init("·", .dim)])] }
    let drifted = drifted(result)
    guard result.isDrift || !drifted.isEmpty else {
      let what = " no drift ".safe + window.spanText.safe + ", \(result.features.count) features".safe
      return [StyledText([.init("●", .ok), .init(what)])]
    }
    let lead = driftLead(window)
    guard let first = drifted.first else { return [lead] }
    let scope = " (\(drifted.count) of \(result.features.count))".safe
    let texts = stride(from: min(3, drifted.count), through: 1, by: -1).map { count in
      let names = drifted.prefix(count).map(\.name.safe).joined(separator: ", ")
      return lead + StyledText(": " + names + (count < drifted.count ? ", …" : .empty) + scope)
    }
    let more = drifted.count > 1 ? " +\(drifted.count - 1)".safe : .empty
    return texts + [lead + StyledText(": " + first.name.safe + more)]
  }
}

extension Window {
  /// `06–12Z` within a day, `Sat 21` for a whole one.
  var spanText: String {
    let seconds = to.seconds(since: from)
    if seconds >= 86_400 { return from.weekdayText }
    let hour = { (moment: Timestamp) in String(moment.clockText.prefix(2)) }
    return "\(hour(from))–\(hour(to) == "00" ? "24" : hour(to))Z"
  }
}
