use super::{OutText, copy_name, vultus_str};
use vultus::error::{Result, Status};

fn put(text: &str, capacity: usize) -> (Result<()>, Vec<u8>, usize) {
    let mut buffer = vec![0xaa_u8; 16];
    let mut needed = 77;
    // SAFETY: memory of this function, of which `capacity` is a part.
    let out = unsafe { OutText::at(buffer.as_mut_ptr().cast(), capacity, &raw mut needed) };
    let done = out.expect("two pointers").put(text);
    (done, buffer, needed)
}

#[test]
fn texts_end_with_a_nul_or_are_not_copied_at_all() {
    let (done, buffer, needed) = put("abc", 4);
    assert!(done.is_ok() && needed == 4);
    assert_eq!(buffer[..5], [b'a', b'b', b'c', 0, 0xaa]);
    let (done, buffer, needed) = put("abc", 3);
    assert_eq!(
        done.expect_err("too small").status(),
        Status::BufferTooSmall
    );
    assert!(needed == 4 && buffer.iter().all(|byte| *byte == 0xaa));
}

#[test]
fn without_a_buffer_the_length_is_still_written() {
    let mut needed = 0;
    // SAFETY: no buffer, and a number of this function.
    let out = unsafe { OutText::at(std::ptr::null_mut(), 0, &raw mut needed) };
    out.expect("a question").put("abc").expect("an answer");
    assert_eq!(needed, 4);
}

#[test]
fn lent_texts_are_checked() {
    let of = |bytes: &'static [u8]| vultus_str {
        data: bytes.as_ptr().cast(),
        length: bytes.len(),
    };
    // SAFETY: bytes of this program.
    unsafe {
        assert_eq!(
            of("\u{95e8}".as_bytes()).get("it").expect("text"),
            "\u{95e8}"
        );
        assert_eq!(of(b"").get("it").expect("text"), "");
        for bad in [&b"\xff"[..], b"a\0b"] {
            let error = of(bad).get("it").expect_err("refused");
            assert_eq!(error.status(), Status::InvalidParameter);
            assert!(error.to_string().contains("it is not UTF-8"));
        }
        let long = vultus_str {
            data: b"a".as_ptr().cast(),
            length: usize::MAX,
        };
        assert!(long.get("it").is_err());
    }
}

#[test]
fn names_in_structs_always_end() {
    assert_eq!(copy_name::<4>("ab").map(|c| c as u8), *b"ab\0\0");
    assert_eq!(copy_name::<4>("abcdef").map(|c| c as u8), *b"abc\0");
}
