import Foundation

/// The tables of all programs, in Markdown: a column for each figure, others' with how many times ours it is.
struct Comparison {
  private let measured: [PeerMeasures]

  init(_ measured: [PeerMeasures]) { self.measured = measured }

  /// What the others are compared with.
  private var ours: Figures { measured.first { $0.peer.isMeasure }?.figures ?? [:] }

  var text: String {
    let tables = Figure.tables.map { title, figures in
      "\n\(title)\n\n" + Self.aligned([header(figures)] + measured.map { row($0, figures) } + [budgets(figures)])
    }
    let notes = measured.flatMap(\.notes)
    return tables.joined(separator: "\n") + (notes.isEmpty ? "" : "\n\n" + notes.joined(separator: "\n")) + "\n"
  }

  /// Ours against their budgets.
  var verdicts: [Entry] {
    measured.filter(\.peer.isOurs).flatMap { measures in
      let within = Figure.allCases.compactMap { figure -> Entry? in
        guard let budget = figure.budget, !measures.peer.exempt.contains(figure),
          let value = measures.figures[figure]
        else { return nil }
        return Entry(
          "\(measures.peer.name): \(figure.title)", value.short, budget: budget.short, isWithin: value <= budget)
      }
      return within + measures.notes.map { Entry($0, "not measured", isWithin: false) }
    }
  }

  private func header(_ figures: [Figure]) -> [String] { ["program"] + figures.map(\.title) }

  private func budgets(_ figures: [Figure]) -> [String] { ["budget of ours"] + figures.map { $0.budget?.short ?? "" } }

  private func row(_ measures: PeerMeasures, _ figures: [Figure]) -> [String] {
    guard measures.peer.version != nil else {
      return [measures.peer.title, "not installed"] + figures.dropFirst().map { _ in "" }
    }
    return [measures.peer.title]
      + figures.map { figure in
        guard let value = measures.figures[figure] else { return "·" }
        if value == .infinity { return "over 10,000" }
        guard !measures.peer.isOurs, let ours = ours[figure], ours > 0 else { return value.short }
        return "\(value.short) (\((value / ours).short)x)"
      }
  }

  /// Rows of cells as wide as their columns.
  private static func aligned(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      "| "
        + zip(row, widths).enumerated().map { column, cell in
          let blank = String(repeating: " ", count: cell.1 - cell.0.count)
          return column == 0 ? cell.0 + blank : blank + cell.0
        }.joined(separator: " | ") + " |"
    }
    let rule =
      "|"
      + widths.enumerated().map { column, width in
        String(repeating: "-", count: width + (column == 0 ? 2 : 1)) + (column == 0 ? "" : ":")
      }.joined(separator: "|") + "|"
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }
}
