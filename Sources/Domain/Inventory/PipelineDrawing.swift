/// A pipeline's graph as lines of text, a step a line, those that give before those that take.
///
/// Names in it are foreign: a line is made safe before it is drawn.
public struct PipelineDrawing: Hashable, Sendable {
  /// One line: what a step takes, the step, and where it goes.
  public struct Line: Hashable, Sendable {
    /// `in`, or the steps that it takes from.
    public var sources: [RawText]
    public var step: RawText
    /// `any`, `outer`, `batch 20`, `when choice-is-one`.
    public var notes: [RawText]
    /// Whether the pipeline answers with what it gives.
    public var isOutput: Bool
  }

  public private(set) var lines: [Line] = []

  public init(_ pipeline: Pipeline) {
    let outputs = Set(pipeline.output.map { pipeline.source(of: $0) })
    for step in PipelineDrawing.ordered(pipeline) {
      var sources = step.inputs.map { reference in
        let source = pipeline.source(of: reference)
        return source == pipeline.name ? "in" : source
      }
      if sources.isEmpty { sources = pipeline.externalInputs.isEmpty ? ["in"] : pipeline.externalInputs }
      lines.append(
        Line(
          sources: sources.removingRepetitions, step: step.name, notes: PipelineDrawing.notes(step, in: pipeline),
          isOutput: outputs.contains(step.name)))
    }
  }

  /// `in ──▶ income ──▶ out`, the sources right-aligned to one column. `ascii` draws without arrows of Unicode.
  public func text(ascii: Bool = false) -> [String] {
    let arrow = ascii ? "-->" : "──▶"
    let sources = lines.map { $0.sources.map(\.string).joined(separator: " + ") }
    let width = sources.map(\.count).max() ?? 0
    return zip(lines, sources).map { line, source in
      var text = String(repeating: " ", count: width - source.count) + source + " \(arrow) \(line.step.string)"
      if !line.notes.isEmpty { text += " (\(line.notes.map(\.string).joined(separator: ", ")))" }
      return line.isOutput ? text + " \(arrow) out" : text
    }
  }

  private static func notes(_ step: Pipeline.Step, in pipeline: Pipeline) -> [RawText] {
    var notes: [RawText] = []
    if step.inputs.count > 1, step.inputsJoin != .inner { notes.append(RawText(step.inputsJoin.rawValue)) }
    if let batch = step.batch { notes.append(RawText("batch \(batch)")) }
    if !step.triggers.isEmpty {
      let word = step.triggersJoin == .any ? " or " : " and "
      let triggers = step.triggers.map { trigger in
        let source = pipeline.source(of: trigger)
        return source == pipeline.name ? RawText(bytes: trigger.bytes.dropFirst(source.bytes.count + 1)) : source
      }
      notes.append(RawText("when " + triggers.removingRepetitions.map(\.string).joined(separator: word)))
    }
    return notes
  }

  /// The steps so that each stands behind those it takes from or waits for, in the source's order otherwise. Steps of
  /// a cycle come last.
  static func ordered(_ pipeline: Pipeline) -> [Pipeline.Step] {
    var rest = pipeline.steps
    var placed: Set<RawText> = []
    var ordered: [Pipeline.Step] = []
    let names = Set(rest.map(\.name))
    while !rest.isEmpty {
      let ready = rest.filter { step in
        (step.inputs + step.triggers).allSatisfy { reference in
          let source = pipeline.source(of: reference)
          return !names.contains(source) || placed.contains(source) || source == step.name
        }
      }
      let next = ready.isEmpty ? rest : ready
      ordered += next
      placed.formUnion(next.map(\.name))
      rest.removeAll { placed.contains($0.name) }
    }
    return ordered
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it stood first.
  var removingRepetitions: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
