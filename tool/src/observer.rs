//! Who is told what happens during long work: a terminal, a window, or nobody.

/// Is told about long work while it goes on. Calls may come from any thread.
pub trait Observer: Sync {
    /// Something a person should know that does not stop the work.
    fn warning(&self, message: &str);

    /// Work of so many steps begins. It ends when what is returned is dropped, done or not.
    fn begin(&self, work: &str, steps: usize) -> Box<dyn Progress>;
}

/// How far a piece of work has come.
pub trait Progress: Send + Sync {
    /// So many more steps are done.
    fn advance(&self, steps: usize);

    /// So many steps are done in all.
    fn set(&self, steps: usize);
}

/// An observer that tells nobody.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Silent;

impl Observer for Silent {
    fn warning(&self, _: &str) {}

    fn begin(&self, _: &str, _: usize) -> Box<dyn Progress> {
        Box::new(Self)
    }
}

impl Progress for Silent {
    fn advance(&self, _: usize) {}

    fn set(&self, _: usize) {}
}
