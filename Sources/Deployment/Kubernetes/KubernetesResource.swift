/// Where the Kubernetes API keeps a list: group, version and plural.
struct KubernetesResource: Hashable {
  let group: String
  let version: String
  let plural: String

  /// The resource that a list comes from.
  init(_ list: ControlList) {
    switch list {
    case .scales:
      group = "keda.sh"
      version = "v1alpha1"
      plural = "scaledobjects"
    case .runtimes:
      group = "mlops.seldon.io"
      version = "v1alpha1"
      plural = "seldonruntimes"
    case .models, .pipelines, .experiments, .servers, .version:
      group = "mlops.seldon.io"
      version = "v1alpha1"
      plural = list.rawValue
    }
  }

  /// `/apis/mlops.seldon.io/v1alpha1/namespaces/seldon/models`; an empty namespace is all of them.
  func path(in namespace: String) -> String {
    let place = namespace.isEmpty ? "" : "/namespaces/\(namespace)"
    return "/apis/\(group)/\(version)\(place)/\(plural)"
  }
}
