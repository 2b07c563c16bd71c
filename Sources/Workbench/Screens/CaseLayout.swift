internal import Domain
internal import Frames

/// Where the panels of a case stand, top to bottom; what does not fit gives way to what matters more. From 118 columns on a
/// right column takes what stands under the explanation otherwise.
struct CaseLayout: Equatable {
  /// What may stand in the right column of a wide screen, or under the explanation.
  enum Panel: Equatable {
    case classes, anchor, flips, waterfall, whatIf, signals, others
  }

  let columns: Int
  let rows: Int
  let predictionRow = 1
  private(set) var predictionLines = 1
  private(set) var textRow: Int?
  private(set) var textLines = 0
  private(set) var whyRow = 4
  /// Rows of attributions, the row of the rest among them.
  private(set) var attributionRows = 1
  /// The panels beside and under the explanation, each with its rule.
  private(set) var panels: [(panel: Panel, rect: Rect)] = []
  private(set) var callRow = 20
  private(set) var callLines = 1
  /// Columns of the explanation and of what stands under it.
  private(set) var leftWidth: Int

  var isWide: Bool { leftWidth < columns }

  static func == (left: CaseLayout, right: CaseLayout) -> Bool {
    left.columns == right.columns && left.rows == right.rows && left.whyRow == right.whyRow
      && left.attributionRows == right.attributionRows
      && left.panels.elementsEqual(right.panels) { $0.panel == $1.panel && $0.rect == $1.rect }
  }

  init(_ state: CaseScreen.State) {
    columns = state.size.columns
    rows = state.size.rows
    leftWidth = columns >= 118 ? columns - max(42, min(64, columns - 78)) : columns
    let classes = state.case?.prediction.classes.count ?? 1
    predictionLines = classes == 3 ? 3 : 1
    callLines = rows >= 36 ? 9 : 2
    callRow = rows - 2 - callLines - 1
    // The rule, the answer, the signals.
    var row = 1 + 1 + predictionLines + 1
    if let attributions = state.attributions, case .tokens = attributions.layout, rows >= 20 {
      textRow = row
      let needed = TextPanel.text(attributions, class: state.classIndex, of: state.case?.record)
        .rows(columns: columns - 4)
      textLines = min(rows >= 30 ? 8 : 4, max(2, needed))
      row += 1 + textLines
    }
    whyRow = row
    if isWide { placeBeside(state) } else { placeUnder(state) }
  }

  /// One column: the anchor, if there is one, and one of the other panels under the explanation.
  private mutating func placeUnder(_ state: CaseScreen.State) {
    var bottom = callRow
    func put(_ panel: Panel, lines: Int) {
      bottom -= lines + 1
      panels.insert((panel, Rect(row: bottom, column: 0, rows: lines + 1, columns: columns)), at: 0)
    }
    let available = state.panels
    if let shown = available.contains(state.lower) ? state.lower : available.first, bottom - whyRow >= 10 {
      // The same height whichever it is: turning panels moves nothing.
      let classes = available.contains(.classes) ? (state.attributions?.classes.count ?? 0) + 1 : 0
      let lines = max(4, min(classes, 5))
      switch shown {
      case .classes where classes <= 5: put(.classes, lines: lines)
      case .classes: break
      case .flips: put(.flips, lines: lines)
      case .whatIf: put(.whatIf, lines: lines)
      }
    }
    if let anchor = state.anchor, state.attributions != nil, bottom - whyRow >= 9 {
      put(.anchor, lines: min(AnchorPanel.rows(anchor), 4))
    }
    // How the shares add up to the answer, where more rows are left than the shares take.
    if let attributions = state.attributions, attributions.layout.hasWaterfall {
      let free = bottom - whyRow - 1 - (attributions.features.count + 1)
      if free >= 9 { put(.waterfall, lines: min(free - 1, attributions.features.count + 2)) }
    }
    attributionRows = max(1, bottom - whyRow - 1)
  }

  /// Two columns: all panels that have something to show, as long as there are rows.
  private mutating func placeBeside(_ state: CaseScreen.State) {
    let area = callRow - whyRow
    let content = state.content.value
    let others =
      (state.case?.judgements.count ?? 0) + (content?.questions.count ?? 0) + (content?.decision == nil ? 0 : 1)
    let hasRoom = area >= 18
    var under: [(Panel, Int)] = []
    if hasRoom { under.append((.whatIf, 5)) }
    if hasRoom, others > 0 { under.append((.others, min(others, 3))) }
    var needed = (state.attributions?.features.count ?? 6) + 1
    var isPicture = state.attributions?.layout.hasWaterfall == false
    if case .anchor(let anchor) = state.shownExplanation?.content, let content {
      // The rule, and the record under it, which may be a picture beside it.
      let record = RecordLines.lines(of: content.case.record, content.signature, width: leftWidth - 4)
      needed = max(needed, AnchorPanel.rows(anchor) + 1 + record.count)
      isPicture = content.picture != nil
    }
    let reserved = under.reduce(0) { $0 + $1.1 + 1 }
    attributionRows = isPicture ? area - reserved - 1 : max(1, min(needed, area - reserved - 1))
    // How the shares add up to the answer, where rows are left for more than a few of them.
    if hasRoom, !isPicture, state.attributions != nil, area - reserved - attributionRows - 1 >= 8 {
      under.insert((.waterfall, 7), at: 0)
    }
    var row = whyRow + 1 + attributionRows
    for (index, (panel, lines)) in under.enumerated() {
      // The first takes the rows that are left.
      let height = index == 0 ? callRow - row - under.dropFirst().reduce(0) { $0 + $1.1 + 1 } : lines + 1
      panels.append((panel, Rect(row: row, column: 0, rows: height, columns: leftWidth)))
      row += height
    }
    if under.isEmpty { attributionRows = max(1, area - 1) }
    stack(right(state, hasRoom: hasRoom))
  }

  private func right(_ state: CaseScreen.State, hasRoom: Bool) -> [(Panel, Int)] {
    var wanted: [(Panel, Int)] = []
    if let count = state.attributions?.classes.count, count > 2 { wanted.append((.classes, count + 1)) }
    if let anchor = state.anchor { wanted.append((.anchor, max(2, AnchorPanel.rows(anchor)))) }
    if !hasRoom, state.lower == .whatIf, state.panels.contains(.whatIf) {
      wanted.insert((.whatIf, 4), at: 0)
    } else {
      wanted.append((.flips, max(3, min(14, (state.flips.value?.found.count ?? 0) + 2))))
    }
    wanted.append((.signals, 5))
    return wanted
  }

  private mutating func stack(_ wanted: [(Panel, Int)]) {
    var row = whyRow
    let column = leftWidth
    for (index, (panel, lines)) in wanted.enumerated() {
      guard row + 2 < callRow else { break }
      // The last has the rows that are left: what would be cut is wrapped there.
      let height = index == wanted.count - 1 ? callRow - row : min(lines + 1, callRow - row)
      panels.append((panel, Rect(row: row, column: column, rows: height, columns: columns - column)))
      row += height
    }
  }
}

extension Attributions.Layout {
  /// Whether the shares are few enough to be told one by one: those of pixels are not.
  fileprivate var hasWaterfall: Bool { if case .pixels = self { false } else { true } }
}

extension CaseScreen.State {
  /// The first anchor among the explanations.
  var anchor: Anchor? {
    guard let current = self.case, let index = current.anchorIndex,
      case .anchor(let anchor) = current.explanations[index].content
    else { return nil }
    return anchor
  }
}
