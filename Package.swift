// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A target of ours: what it may import stands here and in ARCHITECTURE.md's table, nothing else is.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "mds",
  targets: [
    .target(name: "CNumbers"),
    room("Domain"),
    room("Statistics"),
    room("SafeText"),
    room("OpenInference", ["Domain", "CNumbers"]),
    room("Frames", ["SafeText"]),
    room("Workbench", ["Domain", "Statistics", "Frames", "SafeText"]),
    tests("DomainTests", ["Domain"]),
    tests("StatisticsTests", ["Statistics"]),
    tests("WorkbenchTests", ["Workbench", "Domain", "Frames"]),
    tests("OpenInferenceTests", ["OpenInference", "Domain"]),
  ],
  cxxLanguageStandard: .cxx17
)
