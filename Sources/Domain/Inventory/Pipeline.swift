/// Models joined by topics: each step takes what others gave.
public struct Pipeline: Hashable, Sendable {
  /// What the data plane puts behind a pipeline's name to tell it from a model.
  public static let suffix: RawText = ".pipeline"

  /// When a step that takes from several has what it waits for.
  public enum Join: String, Hashable, Sendable {
    /// All came.
    case inner
    /// All came, or the window closed on those that did.
    case outer
    /// One came.
    case any
  }

  /// One model in the pipeline.
  public struct Step: Hashable, Sendable {
    /// The model's name.
    public var name: RawText
    /// `other`, `other.outputs`, `other.outputs.TENSOR`, `pipeline.inputs.TENSOR`; none takes the pipeline's inputs.
    public var inputs: [RawText]
    public var inputsJoin: Join
    /// What has to come before it runs, without being passed to it; written like inputs.
    public var triggers: [RawText]
    public var triggersJoin: Join
    /// So many rows are gathered for one call; nil where each goes by itself.
    public var batch: Int?

    public init(
      name: RawText, inputs: [RawText] = [], inputsJoin: Join = .inner, triggers: [RawText] = [],
      triggersJoin: Join = .inner, batch: Int? = nil
    ) {
      self.name = name
      self.inputs = inputs
      self.inputsJoin = inputsJoin
      self.triggers = triggers
      self.triggersJoin = triggersJoin
      self.batch = batch
    }
  }

  public var name: RawText
  public var namespace: RawText
  /// Oldest first, without those that are gone; the last one is current.
  public var versions: [DeployedVersion]
  /// In the source's order, which need not be that of the data.
  public var steps: [Step]
  /// Other pipelines that feed this one, written like a step's inputs.
  public var externalInputs: [RawText]
  /// What is answered, written like a step's inputs; none answers nothing.
  public var output: [RawText]
  public var outputJoin: Join

  public init(
    name: RawText, namespace: RawText = "", versions: [DeployedVersion] = [], steps: [Step] = [],
    externalInputs: [RawText] = [], output: [RawText] = [], outputJoin: Join = .inner
  ) {
    self.name = name
    self.namespace = namespace
    self.versions = versions
    self.steps = steps
    self.externalInputs = externalInputs
    self.output = output
    self.outputJoin = outputJoin
  }

  /// What the data plane calls it by.
  public var address: RawText { name.appending(Pipeline.suffix) }

  /// The step, or the pipeline, that a reference such as `income.outputs.proba` is about: what stands before its
  /// first point, where that is a name of ours; names may have points themselves, so the longest one counts.
  public func source(of reference: RawText) -> RawText {
    let names = steps.map(\.name) + [name]
    let fitting = names.filter { name in
      reference == name
        || reference.bytes.starts(with: name.bytes) && reference.bytes[name.bytes.count] == UInt8(ascii: ".")
    }
    if let longest = fitting.max(by: { $0.bytes.count < $1.bytes.count }) { return longest }
    return RawText(bytes: reference.bytes.prefix { $0 != UInt8(ascii: ".") })
  }

  /// The steps that take the pipeline's own inputs.
  public var entrances: [Step] {
    steps.filter { step in step.inputs.isEmpty || step.inputs.contains { source(of: $0) == name } }
  }
}
