// vultus.hpp: vultus.h for C++17. Long because every function of vultus.h has its place here.
//
// Header-only and thin: a class for each handle, which frees it, and an exception for each failure. What a call does,
// takes and answers is in vultus.h, under the name in the comment or under the class's and the method's:
// vultus::Session::detect is vultus_session_detect. docs/c-abi.md has the walk-through.
//
//     vultus::require_abi();
//     vultus::Device device("/var/lib/vultus");
//     vultus::Sdk sdk(vultus::SdkOptions("/usr/share/vultus/packs/lite"), device.activate());
//     vultus::Session session(sdk);
//     vultus_frame frame = vultus::frame(VULTUS_FORMAT_NV21, 1280, 720, {nv21, nv21_length});
//     vultus::Faces faces = session.detect(frame);
//     if (faces.count() > 0)
//         vultus::Embedding probe = session.embed(frame, faces, 0);
//
// Handles move and do not copy; one that was moved from is empty, and calls refuse it as they refuse NULL. Plain
// structs are those of vultus.h; vultus::sized<T>() makes one that is zeroed and knows its size. Threads: const methods
// may run side by side on one object; the others must be the only call on it, as in C. Nothing is kept outside the
// objects.
#ifndef VULTUS_HPP
#define VULTUS_HPP

#include "vultus.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace vultus {

// Why a call failed. what() says what happened and names the value; code() is what a program decides by.
class Error : public std::runtime_error {
public:
    Error(std::int32_t code, std::string name, const std::string &text, std::vector<std::string> causes)
        : std::runtime_error(text), code_(code), name_(std::move(name)), causes_(std::move(causes)) {}

    // VULTUS_ERROR_*.
    std::int32_t code() const noexcept { return code_; }
    // Such as LicenceExpired.
    const std::string &name() const noexcept { return name_; }
    // Its causes, such as the answer of the operating system, outermost first.
    const std::vector<std::string> &causes() const noexcept { return causes_; }

private:
    std::int32_t code_;
    std::string name_;
    std::vector<std::string> causes_;
};

// A plain struct of vultus.h, zeroed, with its size set.
template <class T> T sized() {
    T value{};
    value.struct_size = sizeof(T);
    return value;
}

// Bytes that are lent for one call.
class Bytes {
public:
    Bytes(const void *data, std::size_t length) : raw_{static_cast<const std::uint8_t *>(data), length} {}
    Bytes(const std::vector<std::uint8_t> &bytes)
        : Bytes(bytes.empty() ? "" : static_cast<const void *>(bytes.data()), bytes.size()) {}
    template <std::size_t N> Bytes(const std::array<std::uint8_t, N> &bytes) : Bytes(bytes.data(), N) {}
    Bytes(const std::string &bytes) : Bytes(bytes.data(), bytes.size()) {}
    operator vultus_bytes() const { return raw_; }

private:
    vultus_bytes raw_;
};

namespace detail {

// The following call a function whose last parameters are outputs: f(a..., outputs).

// A text of two calls: how long, and then what.
template <class F, class... A> std::int32_t copy_text(std::string &out, F f, A... a) {
    std::size_t needed = 0;
    std::int32_t code = f(a..., nullptr, 0, &needed);
    while (code == VULTUS_OK && out.size() < needed) {
        out.resize(needed);
        code = f(a..., out.data(), out.size(), &needed);
    }
    out.resize(code == VULTUS_OK ? needed - 1 : 0);
    return code;
}

[[noreturn]] inline void fail(std::int32_t code) {
    auto error = sized<vultus_error>();
    std::vector<std::string> texts;
    if (vultus_last_error(&error) == VULTUS_OK && error.code == code)
        for (std::uint32_t i = 0; i <= error.causes; i++)
            copy_text(texts.emplace_back(), vultus_last_error_text, i);
    if (texts.empty())
        texts.emplace_back("error " + std::to_string(code));
    throw Error(code, error.name, texts[0], {texts.begin() + 1, texts.end()});
}

inline void check(std::int32_t code) {
    if (code != VULTUS_OK)
        fail(code);
}

template <class F, class... A> std::string copied(F f, A... a) {
    std::string out;
    check(copy_text(out, f, a...));
    return out;
}

// Bytes or entries of two calls: how many, and then which.
template <class T, class F, class... A> std::vector<T> list(F f, A... a) {
    std::size_t count = 0;
    check(f(a..., nullptr, 0, &count));
    std::vector<T> out(count);
    if (count > 0) {
        if constexpr (std::is_class_v<T>)
            out[0].struct_size = sizeof(T);
        check(f(a..., out.data(), out.size(), &count));
        out.resize(count);
    }
    return out;
}

// A page of entries: at most as many as there is room for.
template <class T, class F, class... A> std::vector<T> page(std::size_t most, F f, A... a) {
    std::vector<T> out(most);
    std::size_t count = 0;
    if (most > 0)
        out[0].struct_size = sizeof(T);
    check(f(a..., out.data(), out.size(), &count));
    out.resize(count);
    return out;
}

template <class T, class F, class... A> T filled(F f, A... a) {
    T value = sized<T>();
    check(f(a..., &value));
    return value;
}

template <class T, class F, class... A> T number_of(F f, A... a) {
    T value{};
    check(f(a..., &value));
    return value;
}

template <class T, class F, class... A> T *made(F f, A... a) {
    T *raw = nullptr;
    check(f(a..., &raw));
    return raw;
}

// Never NULL, which the library would take for a mistake.
inline vultus_str lend(std::string_view text) { return {text.empty() ? "" : text.data(), text.size()}; }

inline std::vector<vultus_str> lend(const std::vector<std::string> &texts) {
    std::vector<vultus_str> out;
    for (const auto &text : texts)
        out.push_back(lend(text));
    return out;
}

// Owns a handle.
template <class T, void (*Free)(T *)> class Handle {
public:
    // Takes over a handle that a call of vultus.h gave.
    explicit Handle(T *raw) noexcept : raw_(raw) {}
    // The handle, for calls of vultus.h; it stays the object's.
    T *get() const noexcept { return raw_.get(); }
    // The handle, which is the caller's from now on.
    T *release() noexcept { return raw_.release(); }

private:
    struct Deleter {
        void operator()(T *raw) const noexcept { Free(raw); }
    };
    std::unique_ptr<T, Deleter> raw_;
};

} // namespace detail

// vultus_abi_check: does the library that was loaded fit this header? The first call of all.
inline void require_abi() { detail::check(vultus_abi_check(VULTUS_ABI_VERSION)); }
inline std::uint32_t abi_version() { return vultus_abi_version(); }
inline std::string version() { return detail::copied(vultus_version); }

inline std::string status_name(std::int32_t code) { return detail::copied(vultus_status_name, code); }
inline std::string status_text(std::int32_t code, std::uint32_t language) {
    return detail::copied(vultus_status_text, code, language);
}
inline std::uint32_t status_family(std::int32_t code) {
    return detail::number_of<std::uint32_t>(vultus_status_family, code);
}
inline std::string part_name(std::uint32_t kind) { return detail::copied(vultus_part_name, kind); }

// Hears what vultus_log_set tells, until it goes. One in a process: another one replaces it. Must not go, or be made,
// inside a callback; what the listener throws is dropped.
class Log {
public:
    using Listener = std::function<void(std::uint32_t level, std::string_view text)>;

    Log(std::uint32_t level, Listener listener) : listener_(std::make_unique<Listener>(std::move(listener))) {
        detail::check(vultus_log_set(level, &call, listener_.get()));
    }
    Log(Log &&) noexcept = default;
    Log &operator=(Log &&) = delete;
    ~Log() {
        if (listener_)
            vultus_log_clear();
    }

private:
    static void call(void *listener, std::uint32_t level, const char *text, std::size_t length) noexcept {
        try {
            (*static_cast<Listener *>(listener))(level, {text, length});
        } catch (...) {
        }
    }
    std::unique_ptr<Listener> listener_;
};

class Grant : public detail::Handle<vultus_grant, vultus_grant_free> {
public:
    using Handle::Handle;

    vultus_licence licence() const { return detail::filled<vultus_licence>(vultus_grant_licence, get()); }
    std::vector<std::string> warnings() const {
        std::vector<std::string> out;
        for (std::uint32_t i = 0, count = licence().warnings; i < count; i++)
            out.push_back(detail::copied(vultus_grant_warning, get(), i));
        return out;
    }
    // Throws when it holds no longer.
    void check() const { detail::check(vultus_grant_check(get())); }
    std::array<std::uint8_t, 32> gallery_binding() const {
        std::array<std::uint8_t, 32> out{};
        detail::check(vultus_grant_gallery_binding(get(), out.data()));
        return out;
    }
    Grant clone() const { return Grant(detail::made<vultus_grant>(vultus_grant_clone, get())); }
};

class Device : public detail::Handle<vultus_device, vultus_device_free> {
public:
    explicit Device(std::string_view folder)
        : Handle(detail::made<vultus_device>(vultus_device_new, detail::lend(folder))) {}

    void set_second_folder(std::string_view folder) {
        detail::check(vultus_device_set_second_folder(get(), detail::lend(folder)));
    }
    void add_text(std::uint32_t kind, std::string_view value) {
        detail::check(vultus_device_add_text(get(), kind, detail::lend(value)));
    }
    void add_bytes(std::uint32_t kind, const Bytes &value) {
        detail::check(vultus_device_add_bytes(get(), kind, value));
    }
    void add_media_drm(std::uint32_t level, const Bytes &id) {
        detail::check(vultus_device_add_media_drm(get(), level, id));
    }
    std::vector<std::uint8_t> request(std::uint32_t form = VULTUS_FORM_BINARY) const {
        return detail::list<std::uint8_t>(vultus_device_request, get(), form);
    }
    void install(const Bytes &licence) const { detail::check(vultus_device_install(get(), licence)); }
    void install_revocations(const Bytes &revocations) const {
        detail::check(vultus_device_install_revocations(get(), revocations));
    }
    vultus_licence installed() const { return detail::filled<vultus_licence>(vultus_device_installed, get()); }
    Grant activate() const { return Grant(detail::made<vultus_grant>(vultus_device_activate, get())); }
    std::vector<vultus_part> parts() const { return detail::list<vultus_part>(vultus_device_parts, get()); }
    std::string explain() const { return detail::copied(vultus_device_explain, get()); }
};

class SdkOptions : public detail::Handle<vultus_sdk_options, vultus_sdk_options_free> {
public:
    // The folder of the model pack.
    explicit SdkOptions(std::string_view pack)
        : Handle(detail::made<vultus_sdk_options>(vultus_sdk_options_new)) {
        detail::check(vultus_sdk_options_set_pack(get(), detail::lend(pack)));
    }

    void trust_pack_key(std::string_view key) {
        detail::check(vultus_sdk_options_trust_pack_key(get(), detail::lend(key)));
    }

    void set_verification(std::uint32_t when) { detail::check(vultus_sdk_options_set_verification(get(), when)); }
};

class Embedding : public detail::Handle<vultus_embedding, vultus_embedding_free> {
public:
    using Handle::Handle;

    // vultus_embedding_from_bytes.
    explicit Embedding(const Bytes &bytes)
        : Handle(detail::made<vultus_embedding>(vultus_embedding_from_bytes, bytes)) {}

    std::vector<std::uint8_t> to_bytes() const {
        return detail::list<std::uint8_t>(vultus_embedding_to_bytes, get());
    }
    std::string model_id() const { return detail::copied(vultus_embedding_model_id, get()); }
    std::uint32_t dimension() const { return detail::number_of<std::uint32_t>(vultus_embedding_dimension, get()); }
};

class Sdk : public detail::Handle<vultus_sdk, vultus_sdk_free> {
public:
    // vultus_sdk_open.
    Sdk(const SdkOptions &options, const Grant &grant)
        : Handle(detail::made<vultus_sdk>(vultus_sdk_open, options.get(), grant.get())) {}

    std::string model_id() const { return detail::copied(vultus_sdk_model_id, get()); }
    vultus_comparison compare(const Embedding &a, const Embedding &b, double fmr) const {
        return detail::filled<vultus_comparison>(vultus_sdk_compare, get(), a.get(), b.get(), fmr);
    }
    vultus_comparison compare_masked(const Embedding &a, const Embedding &b, double fmr) const {
        return detail::filled<vultus_comparison>(vultus_sdk_compare_masked, get(), a.get(), b.get(), fmr);
    }
};

// vultus_frame_packed: rows without padding, upright; change what differs. The bytes have to outlive the frame.
inline vultus_frame frame(std::uint32_t format, std::uint32_t width, std::uint32_t height, const Bytes &data) {
    return detail::filled<vultus_frame>(vultus_frame_packed, format, width, height, data);
}
// vultus_mjpg_decode: the pixels lie in `pixels`, which keeps its memory from frame to frame and has to outlive `frame`.
// Returns the share that is missing; where it is not 0, `frame` stays as it was.
inline float mjpg(const Bytes &data, std::vector<std::uint8_t> &pixels, vultus_frame &frame) {
    auto found = sized<vultus_frame>();
    std::size_t needed = 0;
    float missing = 0;
    const auto decode = [&] {
        auto *room = pixels.empty() ? nullptr : pixels.data();
        return vultus_mjpg_decode(data, room, pixels.size(), &needed, &found, &missing);
    };
    std::int32_t code = decode();
    if ((code == VULTUS_OK || code == VULTUS_ERROR_BUFFER_TOO_SMALL) && pixels.size() < needed) {
        pixels.resize(needed);
        code = decode();
    }
    detail::check(code);
    if (missing == 0)
        frame = found;
    return missing;
}
// Throw where a frame is not plausible.
inline void check(const vultus_frame &frame) { detail::check(vultus_frame_check(&frame)); }
inline void check(const vultus_depth_frame &frame) { detail::check(vultus_depth_frame_check(&frame)); }
inline void check(const vultus_infrared_frame &frame) { detail::check(vultus_infrared_frame_check(&frame)); }

// The defaults of vultus_detect_options_default and its like.
inline vultus_detect_options detect_options() {
    return detail::filled<vultus_detect_options>(vultus_detect_options_default);
}
inline vultus_enrol_options enrol_options() {
    return detail::filled<vultus_enrol_options>(vultus_enrol_options_default);
}
inline vultus_search_options search_options() {
    return detail::filled<vultus_search_options>(vultus_search_options_default);
}

class Faces : public detail::Handle<vultus_faces, vultus_faces_free> {
public:
    using Handle::Handle;

    std::uint32_t count() const { return detail::number_of<std::uint32_t>(vultus_faces_count, get()); }
    // vultus_faces_get.
    vultus_face operator[](std::uint32_t index) const {
        return detail::filled<vultus_face>(vultus_faces_get, get(), index);
    }
    std::vector<vultus_face> list() const { return detail::list<vultus_face>(vultus_faces_list, get()); }
    std::uint32_t largest(std::uint32_t min_face) const {
        return detail::number_of<std::uint32_t>(vultus_faces_largest, get(), min_face);
    }
    float too_small() const { return detail::number_of<float>(vultus_faces_too_small, get()); }
};

class EnrolFace : public detail::Handle<vultus_enrol_face, vultus_enrol_face_free> {
public:
    using Handle::Handle;

    EnrolFace(const Embedding &embedding, float quality)
        : Handle(detail::made<vultus_enrol_face>(vultus_enrol_face_new, embedding.get(), quality)) {}

    void set_crop(const Bytes &crop) { detail::check(vultus_enrol_face_set_crop(get(), crop)); }
    float quality() const { return detail::number_of<float>(vultus_enrol_face_quality, get()); }
    Embedding embedding() const {
        return Embedding(detail::made<vultus_embedding>(vultus_enrol_face_embedding, get()));
    }
};

// From the colour camera to another sensor.
class Registration : public detail::Handle<vultus_registration, vultus_registration_free> {
public:
    explicit Registration(const vultus_view &same)
        : Handle(detail::made<vultus_registration>(vultus_registration_same, &same)) {}
    Registration(const vultus_affine &map, const vultus_view &colour, const vultus_view &sensor)
        : Handle(detail::made<vultus_registration>(vultus_registration_affine, &map, &colour, &sensor)) {}
    // vultus_registration_cameras.
    Registration(const vultus_view &colour, const vultus_view &sensor, const vultus_motion &motion)
        : Handle(detail::made<vultus_registration>(vultus_registration_cameras, &colour, &sensor, &motion)) {}

    vultus_landmarks locate(const vultus_landmarks &in_colour, float distance_mm) const {
        return detail::filled<vultus_landmarks>(vultus_registration_locate, get(), &in_colour, distance_mm);
    }
    // Nothing where a landmark has no measured distance.
    std::optional<vultus_landmarks> locate_in_depth(const vultus_landmarks &in_colour,
                                                    const vultus_depth_frame &frame) const {
        std::uint32_t found = 0;
        auto landmarks = sized<vultus_landmarks>();
        detail::check(vultus_registration_locate_in_depth(get(), &in_colour, &frame, &landmarks, &found));
        return found ? std::optional(landmarks) : std::nullopt;
    }
};

class DepthJudge : public detail::Handle<vultus_depth_judge, vultus_depth_judge_free> {
public:
    explicit DepthJudge(std::uint32_t sensor_class)
        : Handle(detail::made<vultus_depth_judge>(vultus_depth_judge_new, sensor_class)) {}

    void set_subjects(std::uint32_t subjects) { detail::check(vultus_depth_judge_set_subjects(get(), subjects)); }
    void set_max_skew(std::uint32_t milliseconds) {
        detail::check(vultus_depth_judge_set_max_skew(get(), milliseconds));
    }
    void set_rules(std::string_view rules) {
        detail::check(vultus_depth_judge_set_rules(get(), detail::lend(rules)));
    }
};

class InfraredJudge : public detail::Handle<vultus_infrared_judge, vultus_infrared_judge_free> {
public:
    explicit InfraredJudge(const Sdk &sdk)
        : Handle(detail::made<vultus_infrared_judge>(vultus_infrared_judge_new, sdk.get())) {}

    void set_max_skew(std::uint32_t milliseconds) {
        detail::check(vultus_infrared_judge_set_max_skew(get(), milliseconds));
    }
    void set_reflected_light(float light) { detail::check(vultus_infrared_judge_set_reflected_light(get(), light)); }
};

class LivenessDecision : public detail::Handle<vultus_liveness_decision, vultus_liveness_decision_free> {
public:
    LivenessDecision(std::uint32_t needed, std::uint32_t of, std::uint64_t within_us)
        : Handle(detail::made<vultus_liveness_decision>(vultus_liveness_decision_new, needed, of, within_us)) {}

    vultus_liveness add(std::uint64_t track, const vultus_liveness &frame) {
        return detail::filled<vultus_liveness>(vultus_liveness_decision_add, get(), track, &frame);
    }
};

// The names of VULTUS_REASON_* or VULTUS_CHECK_* that were added up (vultus_reason_name, vultus_check_name).
inline std::vector<std::string> names(std::uint32_t bits,
                                      std::int32_t (*name)(std::uint32_t, char *, std::size_t, std::size_t *)) {
    std::vector<std::string> out;
    for (std::uint32_t bit = 1; bit != 0; bit <<= 1)
        if (bits & bit)
            out.push_back(detail::copied(name, bit));
    return out;
}
inline std::vector<std::string> reasons(const vultus_liveness &answer) {
    return names(answer.reasons, vultus_reason_name);
}
inline std::vector<std::string> checks(const vultus_liveness &answer) {
    return names(answer.evidence, vultus_check_name);
}

// Puts frames of several cameras together by their capture times.
class Pairer : public detail::Handle<vultus_pairer, vultus_pairer_free> {
public:
    Pairer(std::uint32_t streams, std::uint32_t max_skew_ms)
        : Handle(detail::made<vultus_pairer>(vultus_pairer_new, streams, max_skew_ms)) {}

    void push(std::uint32_t stream, std::uint64_t timestamp_us, std::uint64_t frame) {
        detail::check(vultus_pairer_push(get(), stream, timestamp_us, frame));
    }
    vultus_pair next() { return detail::filled<vultus_pair>(vultus_pairer_next, get()); }
};

struct Mask {
    bool worn;
    float probability;
};

// For one call at a time: one for each thread or camera.
class Session : public detail::Handle<vultus_session, vultus_session_free> {
public:
    explicit Session(const Sdk &sdk) : Handle(detail::made<vultus_session>(vultus_session_new, sdk.get())) {}

    Faces detect(const vultus_frame &frame, const vultus_detect_options &options = detect_options()) {
        return Faces(detail::made<vultus_faces>(vultus_session_detect, get(), &frame, &options));
    }
    Embedding embed(const vultus_frame &frame, const Faces &faces, std::uint32_t index) {
        return Embedding(detail::made<vultus_embedding>(vultus_session_embed, get(), &frame, faces.get(), index));
    }
    Embedding embed_crop(const Bytes &crop) {
        return Embedding(detail::made<vultus_embedding>(vultus_session_embed_crop, get(), crop));
    }
    EnrolFace enrol_face(const vultus_frame &frame, const Faces &faces, std::uint32_t index,
                         const vultus_enrol_options &options = enrol_options()) {
        return EnrolFace(detail::made<vultus_enrol_face>(vultus_session_enrol_face, get(), &frame, faces.get(),
                index, &options));
    }
    EnrolFace enrol_photo(const Bytes &photo, const vultus_enrol_options &options = enrol_options()) {
        return EnrolFace(detail::made<vultus_enrol_face>(vultus_session_enrol_photo, get(), photo, &options));
    }
    vultus_quality quality(const vultus_frame &frame, const Faces &faces, std::uint32_t index) {
        return detail::filled<vultus_quality>(vultus_session_quality, get(), &frame, faces.get(), index);
    }
    vultus_quality qualify(const vultus_frame &frame, const Faces &faces, std::uint32_t index, std::uint32_t control) {
        return detail::filled<vultus_quality>(vultus_session_qualify, get(), &frame, faces.get(), index, control);
    }
    Mask mask(const vultus_frame &frame, const Faces &faces, std::uint32_t index) {
        std::uint32_t worn = 0;
        float probability = 0;
        detail::check(vultus_session_mask(get(), &frame, faces.get(), index, &worn, &probability));
        return {worn == 1, probability};
    }
    vultus_liveness liveness_colour(const vultus_frame &frame, const Faces &faces, std::uint32_t index) {
        return detail::filled<vultus_liveness>(vultus_session_liveness_colour, get(), &frame, faces.get(), index);
    }
    vultus_liveness liveness_depth(const DepthJudge &judge, const vultus_depth_frame &frame,
                                   const vultus_landmarks &landmarks, std::uint64_t colour_timestamp_us) {
        return detail::filled<vultus_liveness>(vultus_session_liveness_depth, get(), judge.get(), &frame, &landmarks,
                colour_timestamp_us);
    }
    vultus_liveness liveness_infrared(const InfraredJudge &judge, const vultus_frame &colour,
                                      const vultus_infrared_frame &lit, const vultus_infrared_face &face) {
        return detail::filled<vultus_liveness>(vultus_session_liveness_infrared, get(), judge.get(), &colour, &lit,
                &face);
    }
    vultus_liveness liveness_infrared_pair(const InfraredJudge &judge, const vultus_frame &colour,
                                           const vultus_infrared_frame &lit, const vultus_infrared_frame &unlit,
                                           const vultus_infrared_face &face) {
        return detail::filled<vultus_liveness>(vultus_session_liveness_infrared_pair, get(), judge.get(), &colour,
                &lit, &unlit, &face);
    }
};

class Matcher : public detail::Handle<vultus_matcher, vultus_matcher_free> {
public:
    explicit Matcher(const Sdk &sdk) : Handle(detail::made<vultus_matcher>(vultus_matcher_new, sdk.get())) {}
    // vultus_matcher_for_site.
    Matcher(const Sdk &sdk, const Bytes &site_key)
        : Handle(detail::made<vultus_matcher>(vultus_matcher_for_site, sdk.get(), site_key)) {}

    std::string model_id() const { return detail::copied(vultus_matcher_model_id, get()); }
};

class GalleryOptions : public detail::Handle<vultus_gallery_options, vultus_gallery_options_free> {
public:
    // File, and 32 bytes that seal it.
    GalleryOptions(std::string_view file,
            const Bytes &secret) : Handle(detail::made<vultus_gallery_options>(vultus_gallery_options_new)) {
        detail::check(vultus_gallery_options_set_path(get(), detail::lend(file)));
        detail::check(vultus_gallery_options_set_secret(get(), secret));
    }

    void bind(const Grant &grant) { detail::check(vultus_gallery_options_bind(get(), grant.get())); }
    void set_read_only(bool read_only) {
        detail::check(vultus_gallery_options_set_read_only(get(), read_only ? 1 : 0));
    }
    void set_anchor(const Bytes &anchor) { detail::check(vultus_gallery_options_set_anchor(get(), anchor)); }
    void set_limits(std::uint32_t groups, std::uint32_t faces_per_group, std::uint32_t faces) {
        detail::check(vultus_gallery_options_set_limits(get(), groups, faces_per_group, faces));
    }
};

// A gallery at one moment.
class Snapshot : public detail::Handle<vultus_snapshot, vultus_snapshot_free> {
public:
    using Handle::Handle;

    // A page of at most `most` entries, 1 to 1000.
    std::vector<vultus_group> groups(std::size_t offset = 0, std::size_t most = 100) const {
        return detail::page<vultus_group>(most, vultus_snapshot_groups, get(), offset);
    }
    vultus_group group(std::string_view id) const {
        return detail::filled<vultus_group>(vultus_snapshot_group, get(), detail::lend(id));
    }
    std::vector<vultus_entry> group_fields(std::string_view id) const {
        return detail::list<vultus_entry>(vultus_snapshot_group_fields, get(), detail::lend(id));
    }
    std::vector<vultus_person> persons(std::string_view group, std::size_t offset = 0, std::size_t most = 100) const {
        return detail::page<vultus_person>(most, vultus_snapshot_persons, get(), detail::lend(group), offset);
    }
    vultus_person person(std::string_view id) const {
        return detail::filled<vultus_person>(vultus_snapshot_person, get(), detail::lend(id));
    }
    std::vector<vultus_entry> person_groups(std::string_view id) const {
        return detail::list<vultus_entry>(vultus_snapshot_person_groups, get(), detail::lend(id));
    }
    std::vector<vultus_entry> person_fields(std::string_view id, std::string_view group) const {
        return detail::list<vultus_entry>(vultus_snapshot_person_fields, get(), detail::lend(id), detail::lend(group));
    }
    std::vector<vultus_unready> unready(std::string_view group) const {
        return detail::list<vultus_unready>(vultus_snapshot_unready, get(), detail::lend(group));
    }
    std::vector<vultus_enrolled_face> faces(std::string_view person) const {
        return detail::list<vultus_enrolled_face>(vultus_snapshot_faces, get(), detail::lend(person));
    }
};

struct SearchResult {
    vultus_found found;
    std::vector<vultus_candidate> candidates;

    // Who it is; nothing for an unknown person, however near the first candidate is, and nothing where it may be
    // either of two (found.is_ambiguous).
    std::optional<std::string> name() const {
        return found.is_named ? std::optional<std::string>(candidates.at(0).person) : std::nullopt;
    }
};

class Gallery : public detail::Handle<vultus_gallery, vultus_gallery_free> {
public:
    using Handle::Handle;

    static Gallery create(const GalleryOptions &options) {
        return Gallery(detail::made<vultus_gallery>(vultus_gallery_create, options.get()));
    }
    static Gallery open(const GalleryOptions &options) {
        return Gallery(detail::made<vultus_gallery>(vultus_gallery_open, options.get()));
    }
    static Gallery open_or_create(const GalleryOptions &options) {
        vultus_gallery *raw = nullptr;
        std::int32_t code = vultus_gallery_open(options.get(), &raw);
        if (code == VULTUS_ERROR_GALLERY_MISSING)
            code = vultus_gallery_create(options.get(), &raw);
        detail::check(code);
        return Gallery(raw);
    }

    vultus_gallery_counts count() const {
        return detail::filled<vultus_gallery_counts>(vultus_gallery_count, get());
    }
    std::array<std::uint8_t, VULTUS_ANCHOR_BYTES> anchor() const {
        std::array<std::uint8_t, VULTUS_ANCHOR_BYTES> out{};
        detail::check(vultus_gallery_anchor(get(), out.data()));
        return out;
    }
    std::vector<std::uint8_t> crop(std::uint64_t face) const {
        return detail::list<std::uint8_t>(vultus_gallery_crop, get(), face);
    }
    void compact() const { detail::check(vultus_gallery_compact(get())); }
    void rotate(const Bytes &secret) const { detail::check(vultus_gallery_rotate(get(), secret)); }
    Snapshot snapshot() const { return Snapshot(detail::made<vultus_snapshot>(vultus_gallery_snapshot, get())); }

    void create_group(const Matcher &matcher, std::string_view group, std::string_view name) const {
        detail::check(vultus_gallery_create_group(get(), matcher.get(), detail::lend(group), detail::lend(name)));
    }
    void rename_group(std::string_view group, std::string_view name) const {
        detail::check(vultus_gallery_rename_group(get(), detail::lend(group), detail::lend(name)));
    }
    void set_group_tag(std::string_view group, std::string_view tag) const {
        detail::check(vultus_gallery_set_group_tag(get(), detail::lend(group), detail::lend(tag)));
    }
    void add_field(std::string_view group, std::string_view field) const {
        detail::check(vultus_gallery_add_field(get(), detail::lend(group), detail::lend(field)));
    }
    void rename_field(std::string_view group, std::string_view field, std::string_view name) const {
        detail::check(
            vultus_gallery_rename_field(get(), detail::lend(group), detail::lend(field), detail::lend(name)));
    }
    void remove_field(std::string_view group, std::string_view field) const {
        detail::check(vultus_gallery_remove_field(get(), detail::lend(group), detail::lend(field)));
    }
    // How many persons went with it.
    std::uint32_t delete_group(std::string_view group) const {
        return detail::number_of<std::uint32_t>(vultus_gallery_delete_group, get(), detail::lend(group));
    }

    vultus_enrolment enrol(const Matcher &matcher, std::string_view group, std::string_view person,
                           std::string_view name, const EnrolFace &face, std::uint32_t unique) const {
        return detail::filled<vultus_enrolment>(vultus_gallery_enrol, get(), matcher.get(), detail::lend(group),
                detail::lend(person),
                                        detail::lend(name), face.get(), unique);
    }
    // One outcome for each of 1 to 4 faces.
    std::vector<vultus_face_outcome> add_faces(const Matcher &matcher, std::string_view person,
                                               const std::vector<const EnrolFace *> &faces, double threshold) const {
        std::vector<const vultus_enrol_face *> raw;
        for (const EnrolFace *face : faces)
            raw.push_back(face->get());
        std::vector<vultus_face_outcome> out(raw.size());
        if (!out.empty())
            out[0].struct_size = sizeof out[0];
        detail::check(vultus_gallery_add_faces(get(), matcher.get(), detail::lend(person), raw.data(), raw.size(),
                                               threshold, out.data()));
        return out;
    }
    void delete_faces(std::string_view person, const std::vector<std::uint64_t> &faces) const {
        detail::check(vultus_gallery_delete_faces(get(), detail::lend(person), faces.data(), faces.size()));
    }
    void copy_person(std::string_view person, const std::vector<std::string> &groups) const {
        const auto lent = detail::lend(groups);
        detail::check(vultus_gallery_copy_person(get(), detail::lend(person), lent.data(), lent.size()));
    }
    void rename_person(std::string_view person, std::string_view name) const {
        detail::check(vultus_gallery_rename_person(get(), detail::lend(person), detail::lend(name)));
    }
    void set_gender(std::string_view person, std::uint32_t gender) const {
        detail::check(vultus_gallery_set_gender(get(), detail::lend(person), gender));
    }
    void set_field(std::string_view person, std::string_view group, std::string_view field,
                   std::string_view value) const {
        detail::check(vultus_gallery_set_field(get(), detail::lend(person), detail::lend(group), detail::lend(field),
                                               detail::lend(value)));
    }
    // Whether the person was deleted, because it was their last group.
    bool remove_from_group(std::string_view person, std::string_view group) const {
        return detail::number_of<std::uint32_t>(vultus_gallery_remove_from_group, get(), detail::lend(person),
                detail::lend(group)) == 1;
    }
    void delete_person(std::string_view person) const {
        detail::check(vultus_gallery_delete_person(get(), detail::lend(person)));
    }

    SearchResult search(const Matcher &matcher, const Embedding &probe, const std::vector<std::string> &groups,
                        std::size_t most = 5, const vultus_search_options &options = search_options()) const {
        const auto lent = detail::lend(groups);
        SearchResult result{sized<vultus_found>(), std::vector<vultus_candidate>(most)};
        std::size_t count = 0;
        if (most > 0)
            result.candidates[0].struct_size = sizeof(vultus_candidate);
        detail::check(vultus_gallery_search(get(), matcher.get(), probe.get(), lent.data(), lent.size(), &options,
                                            result.candidates.data(), most, &count, &result.found));
        result.candidates.resize(count);
        return result;
    }
    vultus_verification verify_face(const Matcher &matcher, std::string_view person, const Embedding &probe,
                                    double fmr) const {
        return detail::filled<vultus_verification>(vultus_gallery_verify_face, get(), matcher.get(),
                detail::lend(person), probe.get(), fmr);
    }
    vultus_verification verify_person(const Matcher &matcher, std::string_view person, const Embedding &probe,
                                      double fmr) const {
        return detail::filled<vultus_verification>(vultus_gallery_verify_person, get(), matcher.get(),
                detail::lend(person), probe.get(), fmr);
    }

    // One result for each of 1 to 60 groups, each with at most `top` candidates, 1 to 10.
    std::vector<SearchResult> search_by_group(const Matcher &matcher, const Embedding &probe,
                                              const std::vector<std::string> &groups, std::uint32_t top = 5,
                                              const vultus_search_options &options = search_options()) const {
        const auto lent = detail::lend(groups);
        std::vector<vultus_candidate> candidates(groups.size() * top + 1);
        std::vector<vultus_found> found(groups.size() + 1);
        candidates[0].struct_size = sizeof candidates[0];
        found[0].struct_size = sizeof found[0];
        detail::check(vultus_gallery_search_by_group(get(), matcher.get(), probe.get(), lent.data(), lent.size(),
                                                     &options, top, candidates.data(), found.data()));
        std::vector<SearchResult> out;
        for (std::size_t i = 0; i < groups.size(); i++) {
            const auto first = candidates.begin() + static_cast<std::ptrdiff_t>(i * top);
            out.push_back({found[i], {first, first + static_cast<std::ptrdiff_t>(found[i].candidates)}});
        }
        return out;
    }

    // vultus_session_upgrade_group: true of `go_on` goes on; what it throws stops the upgrade and arrives here.
    using Progress = std::function<bool(std::uint32_t looked_at, std::uint32_t all)>;
    vultus_upgrade upgrade_group(Session &session, const Matcher &matcher, std::string_view group,
                                 Progress go_on) const {
        struct Listener {
            Progress go_on;
            std::exception_ptr thrown;
        } listener{std::move(go_on), nullptr};
        const vultus_progress_callback call = [](void *user_data, std::uint32_t looked_at, std::uint32_t all) {
            auto &to = *static_cast<Listener *>(user_data);
            try {
                return std::int32_t{to.go_on(looked_at, all) ? 0 : 1};
            } catch (...) {
                to.thrown = std::current_exception();
                return std::int32_t{1};
            }
        };
        auto upgrade = sized<vultus_upgrade>();
        const auto code = vultus_session_upgrade_group(session.get(), get(), matcher.get(), detail::lend(group), call,
                                                       &listener, &upgrade);
        if (listener.thrown)
            std::rethrow_exception(listener.thrown);
        detail::check(code);
        return upgrade;
    }
    void begin_upgrade(const Matcher &matcher, std::string_view group) const {
        detail::check(vultus_gallery_begin_upgrade(get(), matcher.get(), detail::lend(group)));
    }
    void upgrade_face(const Matcher &matcher, std::string_view group, std::string_view person, std::uint64_t face,
                      const Embedding &embedding) const {
        detail::check(vultus_gallery_upgrade_face(get(), matcher.get(), detail::lend(group), detail::lend(person), face,
                                                  embedding.get()));
    }
    vultus_switched finish_upgrade(std::string_view group) const {
        return detail::filled<vultus_switched>(vultus_gallery_finish_upgrade, get(), detail::lend(group));
    }
    void cancel_upgrade(std::string_view group) const {
        detail::check(vultus_gallery_cancel_upgrade(get(), detail::lend(group)));
    }
    vultus_switched roll_back(std::string_view group) const {
        return detail::filled<vultus_switched>(vultus_gallery_roll_back, get(), detail::lend(group));
    }
    void forget_previous(std::string_view group) const {
        detail::check(vultus_gallery_forget_previous(get(), detail::lend(group)));
    }

    // vultus_gallery_export: how many records were written. `export` is a word of the language.
    std::uint64_t export_to(std::string_view file, const Bytes &key) const {
        return detail::number_of<std::uint64_t>(vultus_gallery_export, get(), detail::lend(file), key);
    }
    // vultus_gallery_import.
    vultus_imported import_from(const Matcher &matcher, std::string_view file, const Bytes &key) const {
        return detail::filled<vultus_imported>(vultus_gallery_import, get(), matcher.get(), detail::lend(file), key);
    }
};

} // namespace vultus

#endif // VULTUS_HPP
