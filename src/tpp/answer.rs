//! An HTTP response as it comes from the bare connection, and whether all of it came (RFC 9112 6).

use std::io;

/// More header fields than any honest server sends.
const FIELDS: usize = 128;

/// A response.
pub(super) struct Answer {
    /// The status code.
    pub(super) status: u16,
    /// In the order received, names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// As text.
    pub(super) body: String,
    /// What did not come.
    pub(super) missing: Missing,
}

/// What is missing of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// It is whole.
    Nothing,
    /// It is cut off.
    Something,
    /// It has no length: it ends where the connection does.
    Unknown,
}

/// The response in these bytes, after which nothing came.
///
/// # Errors
/// They are no HTTP, or end before the body.
pub(super) fn whole(bytes: &[u8]) -> io::Result<Answer> {
    let broken_off = || io::Error::new(io::ErrorKind::InvalidData, "the answer broke off in its headers");
    read(bytes)?.ok_or_else(broken_off)
}

/// The whole response is in these bytes.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    matches!(read(bytes), Ok(Some(answer)) if answer.missing == Missing::Nothing)
}

fn read(mut bytes: &[u8]) -> io::Result<Option<Answer>> {
    loop {
        let mut slots = [httparse::EMPTY_HEADER; FIELDS];
        let mut head = httparse::Response::new(&mut slots);
        let httparse::Status::Complete(length) = head.parse(bytes).map_err(io::Error::other)? else { return Ok(None) };
        let status = head.code.unwrap_or_default();
        bytes = &bytes[length..];
        // Interim responses come before the one that counts (RFC 9110 15.2).
        if (100..200).contains(&status) && status != 101 {
            continue;
        }
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers: Vec<_> =
            head.headers.iter().map(|field| (field.name.to_ascii_lowercase(), text(field.value))).collect();
        let (body, missing) = body(status, &headers, bytes);
        return Ok(Some(Answer { status, headers, body: text(&body), missing }));
    }
}

fn body(status: u16, headers: &[(String, String)], bytes: &[u8]) -> (Vec<u8>, Missing) {
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    if matches!(status, 204 | 304) {
        return (Vec::new(), Missing::Nothing);
    }
    if header("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked")) {
        return unchunk(bytes);
    }
    match header("content-length").map(str::parse::<usize>) {
        Some(Ok(length)) if length <= bytes.len() => (bytes[..length].to_vec(), Missing::Nothing),
        Some(_) => (bytes.to_vec(), Missing::Something),
        None => (bytes.to_vec(), Missing::Unknown),
    }
}

fn unchunk(mut rest: &[u8]) -> (Vec<u8>, Missing) {
    let mut body = Vec::new();
    while let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) {
        if size == 0 {
            return (body, Missing::Nothing);
        }
        let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size));
        let Some(chunk) = end.and_then(|end| rest.get(start..end)) else { break };
        body.extend_from_slice(chunk);
        // A line end follows each chunk.
        let Some(next) = rest.get(start + chunk.len() + 2..) else { break };
        rest = next;
    }
    (body, Missing::Something)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(u16, String, Missing)> {
        whole(text.as_bytes()).ok().map(|answer| (answer.status, answer.body, answer.missing))
    }

    #[test]
    fn tells_what_is_missing() {
        let answer = |status, body: &str, missing| Some((status, body.to_owned(), missing));
        assert_eq!(of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), answer(200, "{}", Missing::Nothing));
        assert_eq!(of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), answer(200, "{}", Missing::Something));
        assert_eq!(of("HTTP/1.1 200 OK\r\n\r\n{}"), answer(200, "{}", Missing::Unknown));
        assert_eq!(of("HTTP/1.1 204 No\r\n\r\n"), answer(204, "", Missing::Nothing));
        assert_eq!(of("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 No\r\n\r\n"), answer(204, "", Missing::Nothing));
        assert_eq!(of("HTTP/1.1 200 OK\r\nConte"), None);
    }

    #[test]
    fn chunks_are_joined_and_their_sizes_not_trusted() {
        let chunked = |chunks: &str| of(&format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        let answer = |body: &str, missing| Some((200, body.to_owned(), missing));
        assert_eq!(chunked("2\r\n{}\r\n1\r\n!\r\n0\r\n\r\n"), answer("{}!", Missing::Nothing));
        assert_eq!(chunked("2\r\n{}\r\n5\r\n!"), answer("{}", Missing::Something));
        assert_eq!(chunked("ffffffffffffffff\r\n{}"), answer("", Missing::Something));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(head in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", rest in "[0-9a-f\r\n;]{0,40}") {
            let _ = whole(format!("{head}{rest}").as_bytes());
        }
    }
}
