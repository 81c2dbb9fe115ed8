// door.cpp: door.c in C++17, through vultus.hpp.
//
//   door FOLDER SECRET PACK request                 prints the text that the vendor answers with a licence
//   door FOLDER SECRET PACK install LICENCE         takes that licence in
//   door FOLDER SECRET PACK status                  says what the licence is good for
//   door FOLDER SECRET PACK enrol ID NAME FRAME     keeps the person in this frame
//   door FOLDER SECRET PACK identify FRAME          says who is in this frame
//
// FOLDER holds licence, gallery and gallery.key, 32 bytes; SECRET is a file with a secret that the maker gave to this
// device alone; a FRAME is raw NV21 of video range that says its size in its name: NAME-640x480.nv21. Exit code 0: a
// person was named, or it is done. 1: an unknown person, or no face. 2: an error.
//
//   c++ -std=c++17 door.cpp $(pkg-config --cflags --libs vultus) -o door
#include "vultus.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

enum Answer { named = 0, not_named = 1, failed = 2 };

const std::string group = "staff";

std::vector<std::uint8_t> read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(path + ": cannot be read");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

vultus::Device this_device(const Words &words) {
    vultus::Device device(words.at(0));
    // In a product it never leaves a TEE, a crypto chip or one-time programmable memory.
    device.add_bytes(VULTUS_PART_OEM_SECRET, read_file(words.at(1)));
    return device;
}

// A camera's frame and the bytes that it lends to each call.
struct Picture {
    std::vector<std::uint8_t> bytes;
    vultus_frame frame;

    explicit Picture(const std::string &path) : bytes(read_file(path)) {
        unsigned width = 0, height = 0;
        const auto dash = path.rfind('-');
        if (dash == path.npos || std::sscanf(path.c_str() + dash, "-%5ux%5u.nv21", &width, &height) != 2)
            throw std::runtime_error(path + ": the name does not end like -640x480.nv21");
        frame = vultus::frame(VULTUS_FORMAT_NV21, width, height, bytes);
    }
};

// One SDK, matcher and gallery serve all threads; a session serves one of them. They may go in any order.
struct Door {
    vultus::Sdk sdk;
    vultus::Session session;
    vultus::Matcher matcher;
    vultus::Gallery gallery;

    explicit Door(const Words &words)
        : sdk(vultus::SdkOptions(words.at(2)), this_device(words).activate()), session(sdk), matcher(sdk),
          gallery(vultus::Gallery::open_or_create(
              // A product keeps the key in the TEE and not beside what it seals.
              {words.at(0) + "/door.gallery", read_file(words.at(0) + "/gallery.key")})) {
        try {
            gallery.create_group(matcher, group, group);
        } catch (const vultus::Error &error) {
            // The group is made once; it is no failure that it exists already.
            if (error.code() != VULTUS_ERROR_GROUP_ID_ALREADY_EXIST)
                throw;
        }
    }
};

Answer enrol(const Words &words) {
    Door door(words);
    Picture picture(words.at(6));
    auto faces = door.session.detect(picture.frame);
    if (faces.count() == 0) {
        std::cout << "no face\n";
        return not_named;
    }
    auto options = vultus::enrol_options();
    options.quality_control = 1;
    auto face = door.session.enrol_face(picture.frame, faces, faces.largest(options.min_face), options);
    // Level 4 does not enrol a person who is very similar to one in the group.
    auto enrolment = door.gallery.enrol(door.matcher, group, words.at(4), words.at(5), face, 4);
    if (enrolment.outcome != VULTUS_ENROLMENT_CREATED) {
        std::cout << "looks like " << enrolment.similar << ", who is there already\n";
        return not_named;
    }
    std::cout << "enrolled: " << words.at(4) << "\n";
    return named;
}

Answer identify(const Words &words) {
    Door door(words);
    Picture picture(words.at(4));
    auto options = vultus::detect_options();
    auto faces = door.session.detect(picture.frame, options);
    if (faces.count() == 0) {
        std::cout << "no face\n";
        return not_named;
    }
    auto probe = door.session.embed(picture.frame, faces, faces.largest(options.min_face));
    if (door.gallery.count().faces == 0) {
        std::cout << "unknown (nobody is enrolled)\n";
        return not_named;
    }
    auto result = door.gallery.search(door.matcher, probe, {group}, 1);
    if (auto name = result.name()) {
        std::cout << "named: " << *name << " (score " << result.candidates[0].score << ")\n";
        return named;
    }
    std::cout << "unknown (nearest score " << result.candidates.at(0).score << ")\n";
    return not_named;
}

Answer run(const Words &words) {
    vultus::require_abi();
    const std::string command = words.size() < 4 ? "" : words[3];
    if (command == "request" && words.size() == 4) {
        for (auto byte : this_device(words).request(VULTUS_FORM_TEXT))
            std::cout << static_cast<char>(byte);
        return named;
    }
    if (command == "install" && words.size() == 5) {
        this_device(words).install(read_file(words[4]));
        std::cout << "installed\n";
        return named;
    }
    if (command == "status" && words.size() == 4) {
        auto grant = this_device(words).activate();
        std::cout << "licensed: tier " << grant.licence().tier << (grant.licence().is_trial ? ", a trial\n" : "\n");
        for (const auto &warning : grant.warnings())
            std::cout << "warning: " << warning << "\n";
        return named;
    }
    if (command == "enrol" && words.size() == 7)
        return enrol(words);
    if (command == "identify" && words.size() == 5)
        return identify(words);
    std::cerr << "usage: door FOLDER SECRET PACK request | install LICENCE | status | enrol ID NAME FRAME | "
                 "identify FRAME\n";
    return failed;
}

} // namespace

int main(int argc, char **argv) {
    try {
        return run(Words(argv + 1, argv + argc));
    } catch (const vultus::Error &error) {
        std::cerr << "door: " << error.name() << " (" << error.code() << "): " << error.what() << "\n";
        for (const auto &cause : error.causes())
            std::cerr << "  " << cause << "\n";
    } catch (const std::exception &error) {
        std::cerr << "door: " << error.what() << "\n";
    }
    return failed;
}
