internal import Domain
internal import Frames

/// Where the panels of a case stand, top to bottom; what does not fit gives way to what matters more.
struct CaseLayout: Equatable {
  private(set) var predictionRow = 1
  private(set) var predictionLines = 1
  private(set) var textRow: Int?
  private(set) var textLines = 0
  private(set) var whyRow = 4
  /// Rows of attributions, the row of the rest among them.
  private(set) var attributionRows = 1
  private(set) var classesRow: Int?
  private(set) var anchorRow: Int?
  private(set) var anchorLines = 0
  private(set) var callRow = 20
  private(set) var callLines = 1
  let columns: Int
  let rows: Int

  init(_ state: CaseScreen.State) {
    columns = state.size.columns
    rows = state.size.rows
    let classes = state.case?.prediction.classes.count ?? 1
    predictionLines = classes <= 3 ? max(1, classes) : 1
    var row = 1 + 1 + predictionLines + 1
    callLines = rows >= 36 ? 5 : 2
    callRow = rows - 2 - callLines - 1
    let attributions = state.attributions
    if let attributions, case .tokens = attributions.layout, rows >= 20 {
      textRow = row
      let needed = TextPanel.text(attributions, class: state.classIndex).rows(columns: columns - 4)
      textLines = min(rows >= 30 ? 8 : 4, needed)
      row += 1 + textLines
    }
    let anchors = state.case?.explanations.compactMap { explanation -> Anchor? in
      if case .anchor(let anchor) = explanation.content { anchor } else { nil }
    }
    whyRow = row
    var bottom = callRow
    if let anchor = anchors?.first, state.attributions != nil, rows >= 24 {
      anchorLines = min(max(1, anchor.predicates.count + 1), 4)
      bottom -= anchorLines + 1
      anchorRow = bottom
    }
    let shared = attributions?.classes.count ?? 0
    if (3...4).contains(shared), attributions?.layout == .list, bottom - row >= shared + 8 {
      bottom -= shared + 2
      classesRow = bottom
    }
    attributionRows = max(1, bottom - row - 1)
  }
}
