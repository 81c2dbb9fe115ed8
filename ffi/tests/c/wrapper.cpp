// The C++ wrapper: ownership, failures, lists, callbacks.
//
//   wrapper FOLDER SECRET PACK FRAME    FOLDER has a licence for everything, FRAME shows a face
#include "vultus.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <type_traits>

namespace {

void hold(bool condition, const char *what, int line) {
    if (!condition) {
        std::cerr << "line " << line << ": not so: " << what << "\n";
        std::exit(1);
    }
}
#define HOLDS(condition) hold((condition), #condition, __LINE__)

template <class Call> vultus::Error failure(Call call) {
    try {
        call();
    } catch (const vultus::Error &error) {
        return error;
    }
    throw std::runtime_error("it did not fail");
}

std::vector<std::uint8_t> read_file(const char *path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

static_assert(!std::is_copy_constructible_v<vultus::Session> && !std::is_copy_assignable_v<vultus::Session>);
static_assert(std::is_nothrow_move_constructible_v<vultus::Session> && std::is_move_assignable_v<vultus::Gallery>);

void failures(const vultus::Device &device) {
    const auto error = failure([] { vultus::SdkOptions options(""); });
    HOLDS(error.code() == VULTUS_ERROR_INVALID_PARAMETER && error.name() == "InvalidParameter");
    HOLDS(std::strstr(error.what(), "folder") != nullptr);
    const auto missing = failure([&] {
        vultus::Sdk(vultus::SdkOptions("/nowhere"), device.activate());
    });
    HOLDS(missing.code() == VULTUS_ERROR_MODEL_PACK_MISSING && !missing.causes().empty());
    HOLDS(vultus::status_name(missing.code()) == missing.name());
    HOLDS(vultus::status_family(missing.code()) == 3);
    HOLDS(!vultus::status_text(missing.code(), VULTUS_LANGUAGE_CHINESE).empty());
}

void ownership(const vultus::Sdk &sdk, const vultus_frame &frame) {
    vultus::Session first(sdk);
    vultus::Session second(std::move(first));
    HOLDS(first.get() == nullptr && second.get() != nullptr);
    HOLDS(failure([&] { first.detect(frame); }).code() == VULTUS_ERROR_INVALID_PARAMETER);
    second = vultus::Session(sdk);
    HOLDS(second.detect(frame).count() > 0);
    vultus_session_free(second.release());
    HOLDS(second.get() == nullptr);
}

void motion_jpeg(const vultus_frame &whole) {
    std::vector<std::uint8_t> pixels;
    auto frame = whole;
    HOLDS(vultus::mjpg({"\xff\xd8", 2}, pixels, frame) == 1);
    HOLDS(frame.data == whole.data);
    const auto refused = failure([&] { vultus::mjpg({"no picture", 10}, pixels, frame); });
    HOLDS(refused.code() == VULTUS_ERROR_IMAGE_DECODE_FAILED);
}

void faces(vultus::Session &session, const vultus_frame &frame) {
    const auto faces = session.detect(frame);
    const auto list = faces.list();
    HOLDS(list.size() == faces.count() && list[0].x == faces[0].x);
    HOLDS(faces.largest(34) < faces.count() && faces.too_small() >= 0);
    HOLDS(failure([&] { faces[99]; }).code() == VULTUS_ERROR_INVALID_PARAMETER);
    const auto embedding = session.embed(frame, faces, 0);
    const auto bytes = embedding.to_bytes();
    const vultus::Embedding again(bytes);
    HOLDS(again.to_bytes() == bytes && again.model_id() == embedding.model_id() && again.dimension() == 128);
    HOLDS(session.quality(frame, faces, 0).total > 0);
}

void people(const std::string &folder, const vultus::Sdk &sdk, vultus::Session &session, const vultus_frame &frame) {
    const vultus::Matcher matcher(sdk);
    const std::vector<std::uint8_t> key(32, 7);
    const vultus::GalleryOptions options(folder + "/wrapper.gallery", key);
    const auto gallery = vultus::Gallery::open_or_create(options);
    HOLDS(failure([&] { vultus::Gallery::create(options); }).code() == VULTUS_ERROR_GALLERY_EXISTS);
    gallery.create_group(matcher, "staff", "Staff");
    gallery.create_group(matcher, "visitors", "Visitors");
    gallery.add_field("staff", "room");

    const auto faces = session.detect(frame);
    const auto face = session.enrol_face(frame, faces, 0);
    HOLDS(face.quality() > 0);
    HOLDS(gallery.enrol(matcher, "staff", "E-17", "Wang", face, 4).outcome == VULTUS_ENROLMENT_CREATED);
    HOLDS(gallery.enrol(matcher, "staff", "E-18", "Li", face, 4).outcome == VULTUS_ENROLMENT_SIMILAR);
    gallery.set_field("E-17", "staff", "room", "12");
    gallery.copy_person("E-17", {"visitors"});

    const auto now = gallery.snapshot();
    HOLDS(now.groups().size() == 2 && now.groups(1, 1).size() == 1);
    HOLDS(now.person("E-17").faces == 1 && now.faces("E-17").size() == 1);
    HOLDS(std::string(now.person_fields("E-17", "staff").at(0).value) == "12");
    HOLDS(now.person_groups("E-17").size() == 2 && now.persons("staff").size() == 1);
    HOLDS(gallery.count().persons == 1 && gallery.crop(now.faces("E-17")[0].face).empty());

    const auto probe = face.embedding();
    HOLDS(gallery.search(matcher, probe, {"staff"}).name() == "E-17");
    const auto each = gallery.search_by_group(matcher, probe, {"staff", "visitors"}, 2);
    HOLDS(each.size() == 2 && each[0].candidates.size() == 1 && each[1].name() == "E-17");
    HOLDS(gallery.verify_face(matcher, "E-17", probe, 1e-3).is_match == 1);
    const auto outcomes = gallery.add_faces(matcher, "E-17", {&face}, 60);
    HOLDS(outcomes.size() == 1 && outcomes[0].outcome == VULTUS_FACE_JOINED);
    gallery.delete_faces("E-17", {outcomes[0].face});
    HOLDS(!gallery.remove_from_group("E-17", "visitors") && gallery.remove_from_group("E-17", "staff"));
    // What a listener of progress throws arrives.
    HOLDS(failure([&] { gallery.upgrade_group(session, matcher, "staff", [](auto, auto) { return true; }); }).code() ==
          VULTUS_ERROR_GROUP_CANNOT_UPGRADE);
}

void log() {
    std::vector<std::string> heard;
    {
        const vultus::Log log(VULTUS_LOG_WARNING, [&](std::uint32_t level, std::string_view text) {
            HOLDS(level == VULTUS_LOG_WARNING);
            heard.emplace_back(text);
            throw std::runtime_error("goes nowhere");
        });
        failure([] { vultus::part_name(99); });
    }
    failure([] { vultus::part_name(99); });
    HOLDS(heard.size() == 1 && heard[0].find("InvalidParameter") != std::string::npos);
}

void sensors(vultus::Session &session) {
    vultus::DepthJudge judge(VULTUS_SENSOR_CLASS_B);
    judge.set_subjects(VULTUS_SUBJECTS_ADULTS_AND_CHILDREN);
    judge.set_max_skew(30);
    const std::vector<std::uint8_t> nothing(640 * 480 * 2);
    auto frame = vultus::sized<vultus_depth_frame>();
    frame.format = VULTUS_DEPTH_Z16;
    frame.width = 640;
    frame.height = 480;
    frame.stride = 1280;
    frame.unit_mm = 1;
    frame.fx = frame.fy = 580;
    frame.cx = 320;
    frame.cy = 240;
    frame.timestamp_us = 1000000;
    frame.data = nothing.data();
    frame.data_length = nothing.size();
    vultus::check(frame);
    auto landmarks = vultus::sized<vultus_landmarks>();
    const float points[5][2] = {{290, 210}, {350, 210}, {320, 240}, {300, 280}, {340, 280}};
    std::memcpy(landmarks.points, points, sizeof points);
    const auto answer = session.liveness_depth(judge, frame, landmarks, 1000000);
    HOLDS(answer.verdict == VULTUS_INCONCLUSIVE && vultus::reasons(answer) == std::vector<std::string>{"no_depth"});
    vultus::LivenessDecision decision(3, 5, 1500000);
    const auto decided = decision.add(1, answer);
    HOLDS(decided.verdict == VULTUS_INCONCLUSIVE);
    vultus::Pairer pairer(VULTUS_STREAM_DEPTH, 50);
    HOLDS(pairer.next().state == VULTUS_PAIR_WAITING);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 5)
        return 2;
    vultus::require_abi();
    vultus::Device device(argv[1]);
    device.add_bytes(VULTUS_PART_OEM_SECRET, read_file(argv[2]));
    const auto grant = device.activate();
    grant.clone().check();
    HOLDS(grant.licence().tier == VULTUS_TIER_RECOGNISE && !device.parts().empty());
    const vultus::Sdk sdk(vultus::SdkOptions(argv[3]), grant);
    vultus::Session session(sdk);
    unsigned width = 0, height = 0;
    HOLDS(std::sscanf(std::strrchr(argv[4], '-'), "-%ux%u", &width, &height) == 2);
    const auto bytes = read_file(argv[4]);
    const auto frame = vultus::frame(VULTUS_FORMAT_NV21, width, height, bytes);
    failures(device);
    ownership(sdk, frame);
    faces(session, frame);
    motion_jpeg(frame);
    people(argv[1], sdk, session, frame);
    log();
    sensors(session);
    std::cout << "all of it holds: " << vultus::version() << "\n";
    return 0;
}
