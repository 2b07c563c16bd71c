/// Traffic shared between models or pipelines, and perhaps mirrored to one more.
public struct Experiment: Hashable, Sendable {
  /// What the data plane puts behind an experiment's name.
  public static let suffix: RawText = ".experiment"

  public enum Resource: String, Hashable, Sendable {
    case model, pipeline
  }

  /// One of those that share the traffic.
  public struct Candidate: Hashable, Sendable {
    public var name: RawText
    /// Its part of the sum of all weights.
    public var weight: Int

    public init(name: RawText, weight: Int) {
      self.name = name
      self.weight = weight
    }
  }

  /// One that gets a copy of the traffic, and whose answers nobody sees.
  public struct Mirror: Hashable, Sendable {
    public var name: RawText
    /// Of the traffic, in hundredths.
    public var percent: Int

    public init(name: RawText, percent: Int) {
      self.name = name
      self.percent = percent
    }
  }

  public var name: RawText
  public var namespace: RawText
  public var state: ModelState
  /// Why it is in that state, in the source's words.
  public var reason: RawText
  public var resource: Resource
  /// The one whose own address the experiment takes over; nil where it has its own only.
  public var standard: RawText?
  /// Empty where the source does not tell: the scheduler never does.
  public var candidates: [Candidate]
  public var mirror: Mirror?
  public var isActive: Bool
  /// Nil where the source does not tell.
  public var areCandidatesReady: Bool?
  public var isMirrorReady: Bool?

  public init(
    name: RawText, namespace: RawText = "", state: ModelState = .unknown, reason: RawText = "",
    resource: Resource = .model, standard: RawText? = nil, candidates: [Candidate] = [], mirror: Mirror? = nil,
    isActive: Bool = false, areCandidatesReady: Bool? = nil, isMirrorReady: Bool? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.state = state
    self.reason = reason
    self.resource = resource
    self.standard = standard
    self.candidates = candidates
    self.mirror = mirror
    self.isActive = isActive
    self.areCandidatesReady = areCandidatesReady
    self.isMirrorReady = isMirrorReady
  }

  /// What the data plane calls it by.
  public var address: RawText { name.appending(Experiment.suffix) }

  /// What the data plane calls one of its candidates by.
  public func address(of candidate: RawText) -> RawText {
    resource == .pipeline ? candidate.appending(Pipeline.suffix) : candidate
  }

  /// The share of a candidate in all traffic, in hundredths; nil where the weights add up to nothing.
  public func percent(of candidate: Candidate) -> Int? {
    // Weights are foreign: their sum must not overflow.
    let sum = candidates.reduce(0.0) { $0 + Double(max(0, $1.weight)) }
    return sum > 0 ? Int((100 * Double(max(0, candidate.weight)) / sum).rounded()) : nil
  }
}
