/// One list that a control plane gives.
public enum ControlList: String, Hashable, Sendable, CaseIterable {
  case models, pipelines, experiments, servers, runtimes, scales, version

  /// As it stands in a sentence.
  var words: String {
    switch self {
    case .models, .pipelines, .experiments, .servers: rawValue
    case .runtimes: "runtimes"
    case .scales: "scaled objects"
    case .version: "version"
    }
  }
}
