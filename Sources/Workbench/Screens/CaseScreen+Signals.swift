internal import Domain
internal import Frames
internal import SafeText

/// What the detectors say of a case, in the room there is.
extension CaseScreen {
  /// Drift and outlier state with their method, in one line of so many columns; `·` where no detector says anything. The
  /// outlier's words are shortened before a feature's name is: it is said nowhere else on a small screen.
  /// A window of the day of `now` is told by its hours alone.
  static func signals(_ content: CaseContent, columns: Int, now: Timestamp?) -> StyledText {
    let outliers = OutlierBrevity.allCases.map { outlierText(content.case.outlier, $0) }
    for outlier in outliers {
      let room = columns - outlier.width - 3
      let drifts = driftTexts(content.window, now)
      if let drift = drifts.first(where: { $0.width <= room }) { return drift + "   " + outlier }
    }
    let least = outliers.last ?? StyledText()
    return driftText(content.window, columns: columns - least.width - 3, now: now) + "   " + least
  }

  /// Each signal whole, in words: for those who do not see the signs.
  static func spokenSignals(_ content: CaseContent, now: Timestamp?) -> [String] {
    let drift = driftText(content.window, columns: 400, now: now).plain
    let outlier = outlierText(content.case.outlier).plain
    return [
      content.window?.result == nil ? "drift: not known" : drift,
      content.case.outlier == nil ? "outlier: not known" : outlier,
    ]
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
  static func driftText(_ window: Window?, columns: Int, now: Timestamp?) -> StyledText {
    let texts = driftTexts(window, now)
    if let text = texts.first(where: { $0.width <= columns }) { return text }
    guard let result = window?.result, let first = drifted(result).first else { return texts.last ?? StyledText() }
    let lead = driftLead(window, now)
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

  private static func driftLead(_ window: Window?, _ now: Timestamp?) -> StyledText {
    StyledText([.init("▲", .warn), .init(" drift ".safe + (window?.spanText(asOf: now).safe ?? .empty))])
  }

  /// What can be said of the drift, names whole, from the longest to the shortest; a name never stands as if it were the only
  /// one that drifted.
  private static func driftTexts(_ window: Window?, _ now: Timestamp?) -> [StyledText] {
    guard let window, let result = window.result else { return [StyledText([.init("drift: "), .init("·", .dim)])] }
    let drifted = drifted(result)
    guard result.isDrift || !drifted.isEmpty else {
      let what = " no drift ".safe + window.spanText(asOf: now).safe + ", \(result.features.count) features".safe
      return [StyledText([.init("●", .ok), .init(what)])]
    }
    let lead = driftLead(window, now)
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
  /// `06–12Z` on the day of `now`, `Wed 25 06–12Z` on another one, and where nobody knows when it is read.
  func spanText(asOf now: Timestamp?) -> String {
    from.aligned(toSeconds: 86_400) == now?.aligned(toSeconds: 86_400) && !isWholeDay ? hoursText : titleText
  }

  /// `Wed 25 06–12Z`; a day alone where the window is one.
  var titleText: String { isWholeDay ? from.weekdayText : from.weekdayText + " " + hoursText }

  private var isWholeDay: Bool { to.seconds(since: from) >= 86_400 }

  private var hoursText: String {
    let hour = { (moment: Timestamp) in String(moment.clockText.prefix(2)) }
    return "\(hour(from))–\(hour(to) == "00" ? "24" : hour(to))Z"
  }
}
