import ArgumentParser
import Domain
import Operations
import SafeText
import Workbench

/// The width of windows as one types it: `6h`.
struct WidthArgument: ExpressibleByArgument {
  var width: WindowWidth

  init?(argument: String) {
    let plain = argument.filter { $0 != " " }
    guard let width = WindowWidth.allCases.first(where: { $0.rawValue.filter { $0 != " " } == plain }) else {
      return nil
    }
    self.width = width
  }

  init(_ width: WindowWidth) { self.width = width }

  var defaultValueDescription: String { width.rawValue.filter { $0 != " " } }
  static var allValueStrings: [String] { WindowWidth.allCases.map { $0.rawValue.filter { $0 != " " } } }
}

/// How a model's inputs have moved.
struct DriftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift", abstract: "Show how a model's inputs have moved away from what it was trained on.",
    discussion: """
      Windows of the last seven days, oldest first, and the features of the newest one that was compared. A window \
      with fewer than 30 cases says nothing.
      """)

  @Argument(help: "The model.") var model: String
  @Option(help: "The width of a window: 1h, 6h or 1d.") var width = WidthArgument(.sixHours)
  @Flag(help: "One JSON object a window and line.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    let (content, problem) = try await Attempt.run { () async throws(Problem) in
      let group = try await workspace.group(of: RawText(model))
      Standard.progress("comparing the windows of \(model)…")
      return try await workspace.drift(of: group.id, width: width.width)
    }
    Standard.endProgress()
    if json {
      Standard.json(content.windows.map(\.reportJSON))
    } else {
      Standard.lines(workspace.framed(lines(content)))
    }
    // What is known was printed; it may not be all.
    if let problem { throw Failure(problem) }
  }

  private func lines(_ content: DriftScreen.Content) -> [String] {
    var table = TextTable([
      .init("FROM"), .init("TO"), .init("CASES", .right), .init("DRIFTED", .right), .init("VERDICT"), .init("METHOD"),
      .init("LIMIT", .right), .init("REFERENCE", .right),
    ])
    for window in content.windows { table.add(Self.cells(window)) }
    var lines = table.lines
    if let newest = content.windows.last(where: { $0.result != nil }), let result = newest.result {
      lines += ["", "features of \(newest.from.minuteText) to \(newest.to.minuteText)"] + Self.features(result)
    } else if content.windows.allSatisfy({ $0.count < Window.smallestCount }) {
      lines += ["", "no window has \(Window.smallestCount) cases yet"]
    } else {
      lines += ["", "no detector of \(model) has compared a window"]
    }
    return lines
  }

  private static func cells(_ window: Window) -> [String] {
    let ends = [window.from.minuteText, window.to.minuteText, "\(window.count)"]
    guard let result = window.result else { return ends + ["", "", "", "", ""] }
    return ends + [
      "\(result.driftedCount) of \(result.features.count)", result.isDrift ? "drift" : "ok",
      "\(result.method.string), \(result.correction.string)", Figures.p(result.threshold),
      result.referenceCount > 0 ? "\(result.referenceCount)" : "",
    ]
  }

  private static func features(_ result: Window.Result) -> [String] {
    var table = TextTable([
      .init("FEATURE"), .init("METHOD"), .init("STATISTIC", .right), .init("EFFECT", .right), .init("P", .right),
      .init("VERDICT"),
    ])
    for feature in result.features.sorted(by: { $0.pValue < $1.pValue }) {
      table.add([
        feature.name.string, feature.method.text, Figures.fixed(feature.statistic, 3), Figures.fixed(feature.effect, 3),
        Figures.p(feature.pValue), feature.isDrifted ? "drift" : "ok",
      ])
    }
    return table.lines
  }
}
