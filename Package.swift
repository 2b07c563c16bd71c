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

/// The toolchain's own linker, with relocations packed: as they come they are 2.8 MB that each start reads, and takes. Needs glibc
/// 2.36, which Debian 12 has.
let packedRelocations: [LinkerSetting] = [
  .unsafeFlags(["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"], .when(platforms: [.linux]))
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "mds",
  products: [
    .executable(name: "mds", targets: ["mds"]),
    .library(
      name: "MDSShared",
      targets: [
        "Domain", "SafeText", "Statistics", "OpenInference", "Alibi", "Feedback", "SyncProtocol", "Export",
        "FileOutput", "ConfigurationFile",
      ]),
    .library(name: "MDSTesting", targets: ["PtyTesting", "Frames", "WireFixtures", "PowerCuts", "TortureReport"]),
    .library(name: "MDSClient", targets: ["Sync", "Ledger", "Transport"]),
    .library(name: "MDSFuzzing", targets: ["FuzzTargets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .target(name: "CNumbers"),
    room("Domain"),
    room("Statistics"),
    room("FileOutput"),
    room("SafeText"),
    room("OpenInference", ["Domain", "CNumbers"]),
    room("Frames", ["SafeText"]),
    .target(name: "CPty", linkerSettings: [.linkedLibrary("util")]),
    room("PtyTesting", ["CPty", "Frames", "SafeText"]),
    .target(name: "CNcurses"),
    .executableTarget(
      name: "TerminalProbe", dependencies: ["Frames", "SafeText", "Terminal"], swiftSettings: strict),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    room("Transport", ["CCurl", "CZlib"]),
    room("Alibi", ["Domain"]),
    .target(
      name: "SchedulerMessages", dependencies: [protobuf], exclude: ["scheduler.proto"], swiftSettings: strict),
    room("Deployment", ["Domain", "OpenInference", "Alibi", "Transport", "SchedulerMessages", protobuf]),
    room("Feedback", ["Domain", "Statistics", crypto]),
    room("Ledger", ["Domain", "Feedback", "FileOutput", grdb]),
    room("Export", ["Domain", "Feedback", "Statistics"]),
    room("ConfigurationFile", ["Domain", "Frames", toml, yaml]),
    room("Terminal", ["Frames", "CNcurses", "SafeText"]),
    room("Shell", ["Workbench", "Frames", "Terminal", "Domain"]),
    room("Workbench", ["Domain", "Statistics", "Feedback", "Frames", "SafeText"]),
    room(
      "Operations",
      [
        "Workbench", "Domain", "Alibi", "Feedback", "Statistics", "Export", "Ledger", "Deployment", "Transport", "Sync",
        "SyncProtocol", "ConfigurationFile", "FileOutput",
      ]),
    room("SyncProtocol", ["Feedback", "Domain", crypto]),
    room("Sync", ["Domain", "Feedback", "SyncProtocol", "Ledger", "Transport"]),
    .executableTarget(
      name: "mds",
      dependencies: [
        "Shell", "Operations", "ConfigurationFile", "Workbench", "Terminal", "Frames", "SafeText", "Domain",
        "Deployment", "Feedback", "Transport", "FileOutput", arguments,
      ], swiftSettings: strict, linkerSettings: packedRelocations),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "Deployment", "Domain", "Feedback", "Frames", "Ledger", "OpenInference", "PtyTesting", "Terminal", "Transport",
        "Workbench", grdb,
      ],
      path: "Benchmarks", swiftSettings: strict),
    tests("DomainTests", ["Domain"]),
    tests("StatisticsTests", ["Statistics"]),
    tests(
      "WorkbenchTests", ["Workbench", "Domain", "Feedback", "Frames", "FrameTesting", "SafeText"], exclude: ["Goldens"]),
    .target(name: "WireFixtures", path: "Tests/WireFixtures", swiftSettings: strict),
    tests("OpenInferenceTests", ["OpenInference", "Domain", "WireFixtures"], exclude: ["recorded-traffic.txt"]),
    tests("AlibiTests", ["Alibi", "OpenInference", "Domain", "WireFixtures"], exclude: ["recorded-answers.txt"]),
    tests(
      "DeploymentTests",
      ["Deployment", "Domain", "OpenInference", "Alibi", "Transport", "WireFixtures", "SchedulerMessages", protobuf],
      exclude: ["recorded-prometheus.txt", "recorded-seldon.txt"]),
    .target(name: "CTestTLS", path: "Tests/CTestTLS"),
    tests("TransportTests", ["Transport", "CTestTLS"]),
    tests("FeedbackTests", ["Feedback", "Domain", "Statistics"]),
    .target(name: "CRecordingVFS", path: "Tests/CRecordingVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "PowerCuts", dependencies: ["CRecordingVFS"], path: "Tests/PowerCuts", swiftSettings: strict),
    .target(name: "TortureReport", path: "Tests/TortureReport", swiftSettings: strict),
    tests("LedgerTests", ["Ledger", "Feedback", "Domain", "PowerCuts", "TortureReport", grdb]),
    tests("ExportTests", ["Export", "Feedback", "Domain"]),
    tests(
      "OperationsTests",
      [
        "Operations", "Workbench", "Ledger", "Feedback", "Domain", "Frames", "WireFixtures", "ConfigurationFile",
        "Deployment", "SchedulerMessages", protobuf,
      ]),
    tests("SafeTextTests", ["SafeText"]),
    tests("TerminalTests", ["Frames", "PtyTesting", "SafeText", "Terminal", "TerminalProbe"]),
    tests("ConfigurationFileTests", ["ConfigurationFile", "Domain", "Frames"]),
    tests("SyncProtocolTests", ["SyncProtocol", "Feedback", "Domain", "PtyTesting", "TortureReport"]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Domain", "SafeText", "OpenInference", "Alibi", "Feedback", "SyncProtocol", "ConfigurationFile", "Frames",
        "Terminal", "Deployment", "Transport", "Operations", "Workbench",
      ],
      path: "Tests/FuzzTargets", swiftSettings: strict),
    tests("CorpusTests", ["FuzzTargets"]),
    tests("HouseTests", ["PtyTesting"]),
    room("FrameTesting", ["Frames", "SafeText"]),
    tests("FramesTests", ["Frames", "FrameTesting", "SafeText"], exclude: ["Goldens", "Look"]),
  ],
  cxxLanguageStandard: .cxx17
)
